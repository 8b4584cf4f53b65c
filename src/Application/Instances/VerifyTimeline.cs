using System.Text.Json.Nodes;

namespace FollowUp.Application.Instances;

/// <summary>Verifies the timeline of one of the caller's instances by recomputing each hash.</summary>
public sealed record VerifyTimeline(InstanceId Id) : IQuery<TimelineCheck>;

internal sealed class VerifyTimelineHandler(IReadDb db, ILogSeals seals) : IQueryHandler<VerifyTimeline, TimelineCheck>
{
    /// <summary>The maximum number of events in memory, however long the timeline is.</summary>
    private const int EventsAStatement = 200;

    /// <summary>Messages are read in small batches: a mail may have several megabytes.</summary>
    private const int MessagesAStatement = 10;

    public async Task<Result<TimelineCheck>> Handle(VerifyTimeline query, CancellationToken cancellationToken)
    {
        if (await db.Of<Instance>().FirstOrDefaultAsync(i => i.Id == query.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        var read = new Progress { Hash = FollowUpEvent.Genesis };
        while (await Page(instance, read.Number, cancellationToken) is { Count: > 0 } page)
        {
            CheckChain(page, read);
            await CheckMessages(query.Id, page, read, cancellationToken);
        }

        List<string> findings = [];
        if (read.Events != instance.EventCount)
        {
            findings.Add("eventsMissing");
        }

        if (read.IsBroken || (read.Events > 0 && !read.Hash.AsSpan().SequenceEqual(instance.EventHash)))
        {
            findings.Add("chainBroken");
        }

        var checkpoint = await seals.Check(instance, cancellationToken);
        if (checkpoint is CheckpointState.Invalid or CheckpointState.Missing)
        {
            findings.Add($"checkpoint{checkpoint}");
        }

        if (read.Altered > 0)
        {
            findings.Add("messageAltered");
        }

        if (await HasMessageWithoutEvent(query.Id, cancellationToken))
        {
            findings.Add("messageWithoutEvent");
        }

        return new TimelineCheck(
            read.Events,
            findings.Count == 0,
            CamelNames.Of(checkpoint),
            read.Found - read.Altered,
            read.Sent - read.Found,
            findings
        );
    }

    /// <summary>The next events. Events added after the instance was read are left for the next check.</summary>
    private Task<List<FollowUpEvent>> Page(Instance instance, int after, CancellationToken cancellationToken) =>
        db.Of<FollowUpEvent>()
            .Where(e => e.InstanceId == instance.Id && e.Number > after && e.Number <= instance.EventCount)
            .OrderBy(e => e.Number)
            .Take(EventsAStatement)
            .ToListAsync(cancellationToken);

    private static void CheckChain(List<FollowUpEvent> page, Progress read)
    {
        foreach (var each in page)
        {
            read.IsBroken |= !each.Follows(read.Events, read.Hash);
            (read.Events, read.Number, read.Hash) = (read.Events + 1, each.Number, each.Hash);
        }
    }

    private async Task CheckMessages(InstanceId id, List<FollowUpEvent> page, Progress read, CancellationToken cancellationToken)
    {
        var hashes = page.Where(e => e.MessageId is not null)
            .ToDictionary(e => e.MessageId!.Value, e => JsonNode.Parse(e.Content)!["contentHash"]?.GetValue<string>());
        read.Sent += hashes.Count;
        foreach (var batch in hashes.Keys.Chunk(MessagesAStatement))
        {
            var messages = await db.Of<Message>().Where(m => m.InstanceId == id && batch.Contains(m.Id)).ToListAsync(cancellationToken);
            read.Found += messages.Count;
            read.Altered += messages.Count(m => hashes[m.Id] is { } hash && hash != m.ContentHash());
        }
    }

    /// <summary>One statement, because a step that ends in the meantime writes its message and its event together.</summary>
    private Task<bool> HasMessageWithoutEvent(InstanceId id, CancellationToken cancellationToken) =>
        db.Of<Message>()
            .AnyAsync(
                m => m.InstanceId == id && !db.Of<FollowUpEvent>().Any(e => e.InstanceId == id && e.MessageId == m.Id),
                cancellationToken
            );

    private sealed class Progress
    {
        public int Events { get; set; }

        /// <summary>The number of the last event.</summary>
        public int Number { get; set; }

        /// <summary>The hash of the last event.</summary>
        public required byte[] Hash { get; set; }

        public bool IsBroken { get; set; }

        /// <summary>The number of events with a message.</summary>
        public int Sent { get; set; }

        /// <summary>The number of messages that are still stored.</summary>
        public int Found { get; set; }

        public int Altered { get; set; }
    }
}
