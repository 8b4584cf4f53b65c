namespace FollowUp.Application.Sandbox;

/// <summary>Deletes everything in the caller's sandbox and resets its clock to the current time.</summary>
public sealed record EmptySandbox : IUnboundCommand<bool>;

internal sealed class EmptySandboxHandler(ISandbox sandbox) : ICommandHandler<EmptySandbox, bool>
{
    public async Task<Result<bool>> Handle(EmptySandbox command, CancellationToken cancellationToken)
    {
        await using var clockLock = await sandbox.Begin(cancellationToken);
        if (clockLock is null)
        {
            return SandboxErrors.Busy;
        }

        await clockLock.Empty(cancellationToken);
        return true;
    }
}
