namespace FollowUp.Application.Instances;

/// <summary>One of the caller's instances.</summary>
public sealed record GetInstance(InstanceId Id) : IQuery<InstanceView>;

internal sealed class GetInstanceHandler(IReadDb db) : IQueryHandler<GetInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(GetInstance query, CancellationToken cancellationToken) =>
        await db.Of<Instance>().Include(i => i.Job).FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is { } instance
            ? InstanceView.From(instance)
            : InstanceErrors.NotFound;
}
