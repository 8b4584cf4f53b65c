using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>One of the caller's instances.</summary>
/// <param name="Id">Which one.</param>
public sealed record GetInstance(InstanceId Id) : IQuery<InstanceView>;

internal sealed class GetInstanceHandler(IReadDb db) : IQueryHandler<GetInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(GetInstance query, CancellationToken cancellationToken) =>
        await db.Of<Instance>().Include(i => i.Job).FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is { } instance
            ? InstanceView.From(instance)
            : InstanceErrors.NotFound;
}

/// <summary>What the use cases of one instance share.</summary>
internal static class InstanceRules
{
    /// <summary>Whether the instance belongs to the sequence that the caller named, if it named one.</summary>
    public static bool IsOf(this Instance instance, SequenceId? sequence) => sequence is null || instance.SequenceId == sequence;

    /// <summary>The instance that the same person got in the same sequence after this one had failed, and that keeps this one from going on.</summary>
    public static async Task<InstanceId?> FindRival(
        this IInstanceRepository instances,
        Instance failed,
        CancellationToken cancellationToken
    ) =>
        failed.Status == InstanceStatus.Failed
            ? await instances.FindEnrolled(failed.SequenceId, failed.Recipient.Email, cancellationToken)
            : null;
}
