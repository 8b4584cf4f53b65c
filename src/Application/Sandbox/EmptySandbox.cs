using Ardalis.Result;
using FollowUp.Application.Messaging;

namespace FollowUp.Application.Sandbox;

/// <summary>Deletes everything in the caller's sandbox, and lets its clock stand at the real present.</summary>
public sealed record EmptySandbox : IUnboundCommand<bool>;

internal sealed class EmptySandboxHandler(ISandbox sandbox) : ICommandHandler<EmptySandbox, bool>
{
    public async Task<Result<bool>> Handle(EmptySandbox command, CancellationToken cancellationToken)
    {
        await using var turn = await sandbox.Begin(cancellationToken);
        if (turn is null)
        {
            return SandboxErrors.Busy.ToResult();
        }

        await turn.Empty(cancellationToken);
        return true;
    }
}
