namespace FollowUp.Application.Dispatch;

/// <summary>The state of the installation, for operators.</summary>
public sealed record GetSystem : IQuery<SystemView>;

internal sealed class GetSystemHandler(ISystemFigures figures) : IQueryHandler<GetSystem, SystemView>
{
    public async Task<Result<SystemView>> Handle(GetSystem query, CancellationToken cancellationToken)
    {
        var state = await figures.Read(cancellationToken);
        return state.View with { Findings = [.. SystemFindings.Of(state)] };
    }
}
