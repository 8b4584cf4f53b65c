namespace FollowUp.Application.Sandbox;

/// <summary>The clock of the caller's sandbox.</summary>
public sealed record GetSandboxClock : IQuery<SandboxClockView>;

internal sealed class GetSandboxClockHandler(ISandbox sandbox) : IQueryHandler<GetSandboxClock, SandboxClockView>
{
    public async Task<Result<SandboxClockView>> Handle(GetSandboxClock query, CancellationToken cancellationToken) =>
        await sandbox.Clock(cancellationToken);
}
