using System.Globalization;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Persistence;
using FollowUp.Testing.Fakes;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace FollowUp.Chaos;

/// <summary>Compares three records: the API's answers, the program's log, and the messages that the providers accepted.</summary>
internal sealed class Comparison(NpgsqlDataSource database, Record record, Ledger ledger, Breaches breaches)
{
    private sealed record InstanceRow(Guid Id, string Key, Guid Sequence);

    private List<InstanceRow> _instances = [];
    private IReadOnlyDictionary<(Guid, string), int> _happened = new Dictionary<(Guid, string), int>();

    public async Task Run()
    {
        _instances = await ReadInstances();
        _happened = await ReadHappened();
        Marks();
        Enrolments();
        Commands();
        await Deletions();
        await MailsByStep();
        await MailsByTry();
        await MailsByEvent();
        SentAfterTheEnd();
        MailsByAddress();
        await Chains();
    }

    /// <summary>Each message must carry its mark: without it the other checks cannot count the message.</summary>
    private void Marks() =>
        breaches.Found(
            "harness: a message without the mark that it is counted by",
            ledger
                .All.Where(t => StepMark.Read(t.Text) is not { Key: var key } || record.Of(key) is null)
                .Select(t => $"{t.AttemptId} {t.Text}")
        );

    /// <summary>A confirmed enrolment exists, a refused one does not, and none exists twice.</summary>
    private void Enrolments()
    {
        var byKey = _instances.ToLookup(i => i.Key);
        breaches.Found("twice: one enrolment, several instances", byKey.Where(k => k.Count() > 1).Select(k => k.Key));
        breaches.Found(
            "lost: an enrolment that was confirmed",
            record
                .Enrolments.Where(e => e.Outcome == CallOutcome.Done && !record.Deleted.ContainsKey(e.Sequence) && !byKey[e.Key].Any())
                .Select(e => e.Key)
        );
        breaches.Found(
            "wrong: an enrolment that was refused",
            record.Enrolments.Where(e => e.Outcome == CallOutcome.Refused && byKey[e.Key].Any()).Select(e => e.Key)
        );
    }

    /// <summary>Each confirmed command has its event, and no event exists without a command that may have been executed.</summary>
    private void Commands()
    {
        (string Verb, string Event)[] words =
        [
            ("pause", "paused"),
            ("resume", "resumed"),
            ("retry", "retried"),
            ("resolve", "resolved"),
            ("skip", "skip"),
        ];
        var here = _instances.ToDictionary(i => i.Key, i => i.Id);
        foreach (var enrolment in record.Enrolments.Where(e => here.ContainsKey(e.Key)))
        {
            foreach (var (verb, happened) in words)
            {
                var asked = enrolment.Commands.Where(c => c.Verb == verb).ToList();
                var events = _happened.GetValueOrDefault((here[enrolment.Key], happened));
                var most = asked.Count(c => c.Outcome != CallOutcome.Refused) + record.ActionsOnAll(enrolment.Sequence, verb);
                Compare(enrolment, verb, events, asked.Count(c => c.Outcome == CallOutcome.Done), most);
            }

            // A suppression stops instances too, so there may be one more stop than commands.
            if (enrolment.Commands.Any(c => c is { Verb: "stop", Outcome: CallOutcome.Done }))
            {
                Compare(enrolment, "stop", _happened.GetValueOrDefault((here[enrolment.Key], "stopped")), 1, 1);
            }
        }

        breaches.Found("lost: a command that was confirmed");
        breaches.Found("twice: a command done more often than asked");
    }

    private void Compare(Enrolment enrolment, string verb, int events, int least, int most)
    {
        if (events < least)
        {
            breaches.Found("lost: a command that was confirmed", $"{verb} {enrolment.Key} {enrolment.Instance}");
        }
        else if (events > most)
        {
            breaches.Found("twice: a command done more often than asked", $"{verb} {enrolment.Key} {enrolment.Instance}");
        }
    }

    private async Task Deletions()
    {
        var left = (await database.Texts("SELECT id::text FROM sequence")).Select(Guid.Parse).ToHashSet();
        breaches.Found(
            "lost: a deletion that was confirmed",
            record.Deleted.Where(d => d.Value.Outcome == CallOutcome.Done && left.Contains(d.Key)).Select(d => d.Key.ToString())
        );
    }

    /// <summary>
    /// At most one message per step, plus one per resend in the log. Messages are counted by their marks. If the log was deleted with its
    /// sequence, the requested resends count.
    /// </summary>
    private async Task MailsByStep()
    {
        var resends = (
            await database.Texts(
                """
                SELECT i.variables ->> 'key' || '/' || substr(v.steps -> e.step_index ->> 'id', 2)
                FROM follow_up_event e JOIN instance i ON i.id = e.instance_id
                JOIN sequence_version v ON v.sequence_id = e.sequence_id AND v.number = e.version
                WHERE e.type = 'resolved' AND e.content ->> 'outcome' = 'resend'
                """
            )
        ).GroupBy(step => step).ToDictionary(g => g.Key, g => g.Count());
        var here = _instances.Select(i => i.Key).ToHashSet();
        breaches.Found(
            "twice: a step sent more often than the log says",
            ledger
                .ByStep.Where(step =>
                    step.Value
                    > 1
                        + (
                            here.Contains(step.Key.Key)
                                ? resends.GetValueOrDefault($"{step.Key.Key}/{step.Key.Step}")
                                : record
                                    .Of(step.Key.Key)!
                                    .Commands.Count(c => c is { Verb: "resolve", Detail: "resend", Outcome: not CallOutcome.Refused })
                        )
                )
                .Select(step => $"{step.Key.Key}/{step.Key.Step}: {step.Value} messages")
        );
    }

    /// <summary>Each accepted message has one attempt that is accepted or in doubt, and each accepted attempt has its message.</summary>
    private async Task MailsByTry()
    {
        breaches.Found(
            "twice: one try, several messages",
            ledger.ByAttempt.Where(a => a.Value > 1).Select(a => $"{a.Key}: {a.Value} messages")
        );
        var tries = await ReadTries();
        var here = _instances.Select(i => i.Key).ToHashSet();
        breaches.Found(
            "lost: a message was taken, but its try says otherwise",
            ledger
                .All.Where(t => t.AttemptId is not null && StepMark.Read(t.Text) is { Key: var key } && here.Contains(key))
                .Where(t => tries.GetValueOrDefault(t.AttemptId!.Value).Status is not ("ACCEPTED" or "IN_DOUBT"))
                .Select(t => $"{t.AttemptId} is {tries.GetValueOrDefault(t.AttemptId!.Value).Status ?? "unknown"}")
        );
        var messages = ledger.All.Select(t => t.ProviderMessageId).ToHashSet();
        breaches.Found(
            "lost: a try was accepted, but no provider took its message",
            tries
                .Where(t => t.Value.Status == "ACCEPTED")
                .Where(t => t.Value.Channel == "SMS" ? !messages.Contains(t.Value.ProviderMessageId) : !ledger.ByAttempt.ContainsKey(t.Key))
                .Select(t => t.Key.ToString())
        );
    }

    /// <summary>The message of an attempt is the step in the attempt's event: a claim that mixes revisions would send one and record another.</summary>
    private async Task MailsByEvent()
    {
        var steps = (
            await database.Texts(
                """
                SELECT a.id::text || ' ' || coalesce(a.provider_message_id, '-') || ' ' || substr(v.steps -> e.step_index ->> 'id', 2)
                FROM follow_up_event e JOIN attempt a ON a.id = (e.content ->> 'attemptId')::uuid
                JOIN sequence_version v ON v.sequence_id = e.sequence_id AND v.number = e.version
                WHERE e.status = 'sent'
                """
            )
        ).Select(row => row.Split(' ')).ToList();
        var byTry = steps.ToDictionary(row => Guid.Parse(row[0]), row => int.Parse(row[2], CultureInfo.InvariantCulture));
        var byMessage = steps
            .Where(row => row[1] != "-")
            .GroupBy(row => row[1])
            .ToDictionary(rows => rows.Key, rows => int.Parse(rows.First()[2], CultureInfo.InvariantCulture));
        breaches.Found(
            "torn: a provider took another step than the event of its try says",
            ledger
                .All.Select(t => (Taken: t, Mark: StepMark.Read(t.Text), Step: StepOf(t)))
                .Where(t => t is { Mark: { } mark, Step: { } step } && mark.Step != step)
                .Select(t => $"{t.Mark!.Value.Key}/{t.Step}: message of {t.Mark.Value.Step}")
        );

        int? StepOf(Taken taken) =>
            taken.AttemptId is { } attempt
                ? byTry.TryGetValue(attempt, out var step)
                    ? step
                    : null
                : taken.ProviderMessageId is { } id && byMessage.TryGetValue(id, out var other)
                    ? other
                    : null;
    }

    /// <summary>
    /// Compares the clocks of the providers and of the client, so the limit is coarse: it finds a runaway independently of the instruments in the
    /// database. A message in flight at the time of the answer arrives long before this limit.
    /// </summary>
    private void SentAfterTheEnd()
    {
        var lastOf = ledger
            .All.Select(t => (StepMark.Read(t.Text)?.Key, t.At))
            .Where(t => t.Key is not null)
            .GroupBy(t => t.Key!)
            .ToDictionary(g => g.Key, g => g.Max(t => t.At));
        breaches.Found(
            "stop: sent long after a stop or a deletion",
            record
                .Enrolments.Where(e =>
                    e
                        .Commands.Where(c => c is { Verb: "stop", Outcome: CallOutcome.Done })
                        .Select(c => (DateTimeOffset?)c.At)
                        .FirstOrDefault()
                        is { } stopped
                        && lastOf.GetValueOrDefault(e.Key) > stopped + Pace.OnItsWay
                    || record.Deleted.TryGetValue(e.Sequence, out var deleted)
                        && deleted.Outcome == CallOutcome.Done
                        && lastOf.GetValueOrDefault(e.Key) > deleted.At + Pace.OnItsWay
                )
                .Select(e => e.Key)
        );
    }

    /// <summary>A cap counts a mail before it is sent, and keeps counting one whose outcome is unknown: no failure may exceed the cap.</summary>
    private void MailsByAddress() =>
        breaches.Found(
            "limit: more mails to one address than its owner allows",
            ledger
                .All.Where(t => t.AttemptId is not null && t.At < record.Cap.Lifted)
                .Select(t => StepMark.Read(t.Text) is { Key: var key } ? record.Of(key)?.Capped : null)
                .OfType<string>()
                .GroupBy(address => address)
                .Where(mails => mails.Count() > RecipientCap.Most)
                .Select(mails => $"{mails.Key}: {mails.Count()} mails")
        );

    /// <summary>Recomputes every hash with the function that the API's verification uses.</summary>
    private async Task Chains()
    {
        var options = new DbContextOptionsBuilder<FollowUpDbContext>().UseNpgsql(database).UseSnakeCaseNamingConvention();
        await using var db = new FollowUpDbContext(options.Options);
        var events = await db.Events.AsNoTracking().OrderBy(e => e.Number).ToListAsync();
        breaches.Found(
            "order: a broken chain of hashes",
            events
                .GroupBy(e => e.InstanceId)
                .Where(timeline => !FollowUpEvent.IsWhole([.. timeline]))
                .Select(timeline => $"{timeline.Key.Value}")
        );
    }

    private async Task<List<InstanceRow>> ReadInstances()
    {
        await using var command = database.CreateCommand("SELECT id, variables ->> 'key', sequence_id FROM instance");
        List<InstanceRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2)));
        }

        return rows;
    }

    private async Task<Dictionary<(Guid, string), int>> ReadHappened()
    {
        await using var command = database.CreateCommand(
            """
            SELECT instance_id, CASE WHEN status IS NULL THEN type ELSE 'skip' END, count(*)::int FROM follow_up_event
            WHERE status IS NULL OR status = 'skipped' AND content ->> 'reason' = 'manual' GROUP BY 1, 2
            """
        );
        Dictionary<(Guid, string), int> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[(reader.GetGuid(0), reader.GetString(1))] = reader.GetInt32(2);
        }

        return rows;
    }

    private async Task<Dictionary<Guid, (string? Status, string Channel, string? ProviderMessageId)>> ReadTries()
    {
        await using var command = database.CreateCommand("SELECT id, status, channel, provider_message_id FROM attempt");
        Dictionary<Guid, (string?, string, string?)> rows = [];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows[reader.GetGuid(0)] = (reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3));
        }

        return rows;
    }
}
