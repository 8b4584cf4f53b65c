using System.Text.Json.Nodes;
using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Instances;

/// <summary>Whether a timeline, its checkpoint and its stored messages are what was written.</summary>
/// <param name="Events">How many events there are.</param>
/// <param name="Intact">Whether nothing was found: no event is missing, out of order or altered, and no stored message is altered.</param>
/// <param name="Checkpoint">
/// <c>valid</c>; <c>invalid</c>: events were removed, or hashes computed again; <c>missing</c>: it was removed; <c>beforeKey</c>: the instance
/// was enrolled before the key was first used; <c>off</c>: this node has no key (<c>Log:CheckpointKey</c>).
/// </param>
/// <param name="Messages">How many stored messages match the hash in their event.</param>
/// <param name="ErasedMessages">How many messages are not stored any more; that alone is no fault.</param>
/// <param name="Findings">
/// What is wrong: <c>eventsMissing</c>, <c>chainBroken</c>, <c>checkpointInvalid</c>, <c>checkpointMissing</c>, <c>messageAltered</c>,
/// <c>messageWithoutEvent</c>.
/// </param>
public sealed record TimelineCheck(
    int Events,
    bool Intact,
    string Checkpoint,
    int Messages,
    int ErasedMessages,
    IReadOnlyList<string> Findings
);

/// <summary>Proves that the timeline of one of the caller's instances is whole: computes each hash again.</summary>
/// <param name="Id">Which one.</param>
public sealed record VerifyTimeline(InstanceId Id) : IQuery<TimelineCheck>;

internal sealed class VerifyTimelineHandler(IReadDb db, ILogSeals seals) : IQueryHandler<VerifyTimeline, TimelineCheck>
{
    /// <summary>Messages are read in small batches: a mail may have megabytes.</summary>
    private const int MessagesAStatement = 10;

    public async Task<Result<TimelineCheck>> Handle(VerifyTimeline query, CancellationToken cancellationToken)
    {
        if (await db.Instances.FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        // Events that came after the instance was read are left for the next check.
        var events = await db
            .Events.Where(e => e.InstanceId == query.Id && e.Number <= instance.EventCount)
            .OrderBy(e => e.Number)
            .ToListAsync(cancellationToken);
        List<string> findings = [];
        CheckChain(instance, events, findings);
        var checkpoint = await seals.Check(instance, cancellationToken);
        if (checkpoint is CheckpointState.Invalid or CheckpointState.Missing)
        {
            findings.Add($"checkpoint{checkpoint}");
        }

        var (matching, erased) = await CheckMessages(query.Id, events, findings, cancellationToken);
        return new TimelineCheck(events.Count, findings.Count == 0, Words.Of(checkpoint), matching, erased, findings);
    }

    private static void CheckChain(Instance instance, List<FollowUpEvent> events, List<string> findings)
    {
        if (events.Count != instance.EventCount)
        {
            findings.Add("eventsMissing");
        }

        if (!FollowUpEvent.IsWhole(events) || (events.Count > 0 && !events[^1].Hash.AsSpan().SequenceEqual(instance.EventHash)))
        {
            findings.Add("chainBroken");
        }
    }

    private async Task<(int Matching, int Erased)> CheckMessages(
        InstanceId id,
        List<FollowUpEvent> events,
        List<string> findings,
        CancellationToken cancellationToken
    )
    {
        var hashes = events
            .Where(e => e.MessageId is not null)
            .ToDictionary(e => e.MessageId!.Value, e => JsonNode.Parse(e.Content)!["contentHash"]?.GetValue<string>());
        var (found, altered) = (0, 0);
        foreach (var batch in hashes.Keys.Chunk(MessagesAStatement))
        {
            var messages = await db.Messages.Where(m => m.InstanceId == id && batch.Contains(m.Id)).ToListAsync(cancellationToken);
            found += messages.Count;
            altered += messages.Count(m => hashes[m.Id] is { } hash && hash != m.ContentHash());
        }

        if (altered > 0)
        {
            findings.Add("messageAltered");
        }

        // One statement, since a step that ends meanwhile writes its message and its event together.
        if (
            await db.Messages.AnyAsync(
                m => m.InstanceId == id && !db.Events.Any(e => e.InstanceId == id && e.MessageId == m.Id),
                cancellationToken
            )
        )
        {
            findings.Add("messageWithoutEvent");
        }

        return (found - altered, hashes.Count - found);
    }
}
