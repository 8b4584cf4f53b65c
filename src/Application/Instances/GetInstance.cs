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

/// <summary>Rules shared by the use cases of one instance.</summary>
internal static class InstanceRules
{
    /// <summary>Whether the instance belongs to the sequence that the caller named, if any.</summary>
    public static bool IsOf(this Instance instance, SequenceId? sequence) => sequence is null || instance.SequenceId == sequence;

    /// <summary>
    /// Finds the recipient's other instance in the same sequence, enrolled after this one failed, which prevents this one from becoming
    /// active.
    /// </summary>
    public static async Task<InstanceId?> FindRival(
        this IInstanceRepository instances,
        Instance failed,
        CancellationToken cancellationToken
    ) =>
        failed.Status == InstanceStatus.Failed
            ? await instances.FindEnrolled(failed.SequenceId, failed.Recipient.Email, cancellationToken)
            : null;
}
