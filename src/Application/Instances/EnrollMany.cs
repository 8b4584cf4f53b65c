using System.Security.Cryptography;
using System.Text.Json;
using Ardalis.Result;
using FollowUp.Application.Accounts;
using FollowUp.Application.Behaviors;
using FollowUp.Application.Messaging;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>What a bulk body is written in.</summary>
public enum BulkFormat
{
    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}

/// <summary>One row of a bulk body: an enrolment, or why it could not be read.</summary>
/// <param name="Line">Its first line in the body, counted from 1; a CSV's header is line 1.</param>
/// <param name="Input">The enrolment.</param>
/// <param name="Error">Why it could not be read.</param>
public sealed record BulkRow(int Line, EnrolmentInput? Input, string? Error);

/// <summary>Reads bulk bodies as a stream.</summary>
public interface IBulkReader
{
    /// <summary>Reads the rows one after the other. A row that cannot be read does not keep the next ones from being read.</summary>
    /// <param name="body">The body.</param>
    /// <param name="format">What it is written in.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The rows; the first one has line 1 and an error when a CSV's header cannot be used.</returns>
    IAsyncEnumerable<BulkRow> Read(Stream body, BulkFormat format, CancellationToken cancellationToken);
}

/// <summary>What became of a row that was to be stored.</summary>
public enum BulkOutcome
{
    /// <summary>The person is enrolled.</summary>
    Enrolled,

    /// <summary>The person was enrolled already, perhaps by an earlier row.</summary>
    AlreadyEnrolled,

    /// <summary>The address must get nothing more.</summary>
    Suppressed,
}

/// <summary>Stores many enrolments at once.</summary>
public interface IBulkEnrolment
{
    /// <summary>The caller's sequence, when it takes enrolments.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sequence with its current version, or null.</returns>
    Task<Sequence?> Find(SequenceId id, CancellationToken cancellationToken);

    /// <summary>Stores instances with their first jobs and events, in one transaction of its own.</summary>
    /// <param name="instances">New instances of one sequence, no two with one address.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What became of each, in order; null when the sequence has been deleted or disabled meanwhile.</returns>
    Task<IReadOnlyList<BulkOutcome>?> Store(IReadOnlyList<Instance> instances, CancellationToken cancellationToken);
}

/// <summary>One rejected row.</summary>
/// <param name="Line">Its line in the body.</param>
/// <param name="Code"><c>malformed</c>, <c>invalid</c>, <c>alreadyEnrolled</c>, <c>suppressed</c>, <c>sequenceDisabled</c> or <c>tooManyRows</c>.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record BulkError(int Line, string Code, string Message);

/// <summary>What became of a bulk body.</summary>
/// <param name="Total">How many rows it had.</param>
/// <param name="Enrolled">How many people were enrolled.</param>
/// <param name="Rejected">How many rows were not.</param>
/// <param name="Errors">Why, for the first 1,000 of them.</param>
public sealed record BulkView(int Total, int Enrolled, int Rejected, IReadOnlyList<BulkError> Errors);

/// <summary>Enrols many people in one of the caller's sequences, from a stream. Good rows go in whatever becomes of the others.</summary>
/// <param name="SequenceId">Which sequence.</param>
/// <param name="Body">The rows.</param>
/// <param name="Format">What they are written in.</param>
public sealed record EnrollMany(SequenceId SequenceId, Stream Body, BulkFormat Format) : IUnboundCommand<BulkView>;

internal sealed class EnrollManyHandler(
    IBulkEnrolment enrolment,
    IBulkReader reader,
    IDatabaseClock clock,
    ICaller caller,
    IIdempotencyKeys keys,
    ITransactions transactions,
    ISendingPlans plans
) : ICommandHandler<EnrollMany, BulkView>
{
    public const int MostRows = 1_000_000;
    private const int BatchRows = 2_000;

    /// <summary>Batches that are stored while the next one is read: one keeps a processor of the database busy.</summary>
    private const int StoredAtOnce = 2;

    /// <summary>
    /// The answer is kept once the whole body was read, since only then its hash is known. Under a key the instances' ids follow from it and the
    /// address: a repetition after the call was broken off finds those that were stored by their ids, also when they have ended since.
    /// </summary>
    public async Task<Result<BulkView>> Handle(EnrollMany command, CancellationToken cancellationToken)
    {
        if (caller.IdempotencyKey is not { } key)
        {
            return await Enroll(command, null, cancellationToken);
        }

        using var sha = SHA256.Create();
        await using var body = new CryptoStream(command.Body, sha, CryptoStreamMode.Read, leaveOpen: true);
        if (await keys.Find(key, cancellationToken) is { } kept)
        {
            await body.CopyToAsync(Stream.Null, cancellationToken);
            return Same(kept, RequestHash(command, sha.Hash!));
        }

        var ids = new KeyedIds(caller.OwnerId, command.SequenceId, key, await keys.Begin(key, cancellationToken));
        var answer = await Enroll(command with { Body = body }, ids, cancellationToken);
        if (!answer.IsSuccess)
        {
            return answer;
        }

        await body.CopyToAsync(Stream.Null, cancellationToken);
        var hash = RequestHash(command, sha.Hash!);
        return await transactions.Run(
            async () =>
            {
                if (await keys.Take(key, hash, cancellationToken) is { } rival)
                {
                    return Same(rival, hash);
                }

                await keys.Keep(key, JsonSerializer.Serialize(answer.Value), cancellationToken);
                return answer;
            },
            result => result.IsSuccess,
            cancellationToken
        );
    }

    private static byte[] RequestHash(EnrollMany command, byte[] body) =>
        SHA256.HashData([.. command.SequenceId.Value.ToByteArray(), (byte)command.Format, .. body]);

    private static Result<BulkView> Same(KeptAnswer kept, byte[] hash) =>
        kept.RequestHash.AsSpan().SequenceEqual(hash)
            ? JsonSerializer.Deserialize<BulkView>(kept.Answer)!
            : IdempotencyErrors.KeyReused.ToResult();

    private async Task<Result<BulkView>> Enroll(EnrollMany command, KeyedIds? ids, CancellationToken cancellationToken)
    {
        if (await enrolment.Find(command.SequenceId, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (!sequence.Enabled)
        {
            return SequenceErrors.Disabled.ToResult();
        }

        var now = await clock.Now(cancellationToken);
        var tally = new Tally();
        // Of the whole body: an id that two rows have would count as stored for both.
        HashSet<InstanceId> given = [];
        var batch = new Batch(sequence, ids, given);
        await using var stores = new Stores(enrolment, tally, cancellationToken);
        await foreach (var row in reader.Read(command.Body, command.Format, cancellationToken))
        {
            if (row is { Line: 1, Input: null } && command.Format == BulkFormat.Csv)
            {
                return Result.Invalid(new ValidationError("line 1", row.Error!));
            }

            if (++tally.Total > MostRows)
            {
                tally.Reject(
                    row.Line,
                    "tooManyRows",
                    $"A bulk call takes at most {MostRows} rows; this one and those after it were not read."
                );
                break;
            }

            if (row.Input is null)
            {
                tally.Reject(row.Line, "malformed", row.Error!);
                continue;
            }

            var read = row.Input.Read(now);
            if (!read.IsSuccess)
            {
                tally.Reject(row.Line, "invalid", string.Join("; ", read.ValidationErrors.Select(e => $"{e.Identifier} {e.ErrorMessage}")));
                continue;
            }

            var plan = sequence.Schedule is { } schedule
                ? await plans.For(schedule, read.Value.Recipient.TimeZone, cancellationToken)
                : null;
            if (stores.Hold(read.Value) || !batch.Add(row.Line, read.Value, plan, now))
            {
                tally.Reject(row.Line, "alreadyEnrolled", "An earlier row names the same recipient.");
                continue;
            }

            if (batch.Count == BatchRows)
            {
                await stores.Add(batch);
                batch = new Batch(sequence, ids, given);
                now = await clock.Now(cancellationToken);
            }
        }

        await stores.Add(batch);
        await stores.Done();
        return tally.ToView();
    }

    private sealed class Batch(Sequence sequence, KeyedIds? ids, HashSet<InstanceId> given)
    {
        private readonly List<(int Line, Instance Instance)> _rows = new(BatchRows);
        private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
        private IReadOnlyList<BulkOutcome>? _outcomes;

        public int Count => _rows.Count;

        public bool Add(int line, Enrolment row, SendingPlan? plan, DateTimeOffset now)
        {
            var id = ids?.For(row.Recipient.Email);
            if (!_addresses.Add(row.Recipient.Email.Key) || (id is { } own && !given.Add(own)))
            {
                return false;
            }

            _rows.Add((line, Instance.Enroll(sequence, row.Recipient, row.Variables, row.OfferId, row.StartAt, now, plan, id).Value));
            return true;
        }

        public bool Holds(Enrolment row) => _addresses.Contains(row.Recipient.Email.Key);

        public async Task Store(IBulkEnrolment enrolment, CancellationToken cancellationToken) =>
            _outcomes = await enrolment.Store(_rows.ConvertAll(row => row.Instance), cancellationToken);

        public void CountInto(Tally tally)
        {
            for (var i = 0; i < _rows.Count; i++)
            {
                tally.Count(_rows[i].Line, _outcomes?[i]);
            }
        }
    }

    /// <summary>Batches on their way into the database, counted in the order of their rows.</summary>
    private sealed class Stores(IBulkEnrolment enrolment, Tally tally, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly Queue<(Batch Batch, Task Stored)> _underWay = new();

        /// <summary>Whether a batch that is under way names the same recipient.</summary>
        public bool Hold(Enrolment row) => _underWay.Any(store => store.Batch.Holds(row));

        public async Task Add(Batch batch)
        {
            if (batch.Count == 0)
            {
                return;
            }

            _underWay.Enqueue((batch, batch.Store(enrolment, cancellationToken)));
            if (_underWay.Count > StoredAtOnce)
            {
                await First();
            }
        }

        public async Task Done()
        {
            while (_underWay.Count > 0)
            {
                await First();
            }
        }

        /// <summary>When one failed, the others are waited for all the same.</summary>
        public async ValueTask DisposeAsync() =>
            await Task.WhenAll(_underWay.Select(store => store.Stored)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        private async Task First()
        {
            var (batch, stored) = _underWay.Dequeue();
            await stored;
            batch.CountInto(tally);
        }
    }

    private sealed class Tally
    {
        private const int MostErrors = 1_000;
        private readonly List<BulkError> _errors = [];
        private int _rejected;
        private int _enrolled;

        public int Total { get; set; }

        public void Count(int line, BulkOutcome? outcome)
        {
            switch (outcome)
            {
                case BulkOutcome.Enrolled:
                    _enrolled++;
                    break;
                case BulkOutcome.AlreadyEnrolled:
                    Reject(line, "alreadyEnrolled", "The recipient is already active or paused in this sequence.");
                    break;
                case BulkOutcome.Suppressed:
                    Reject(line, "suppressed", InstanceErrors.Suppressed.Message);
                    break;
                default:
                    Reject(line, "sequenceDisabled", "The sequence was disabled or deleted while the rows were read.");
                    break;
            }
        }

        public void Reject(int line, string code, string message)
        {
            _rejected++;
            if (_errors.Count < MostErrors)
            {
                _errors.Add(new(line, code, message));
            }
        }

        public BulkView ToView() => new(Total, _enrolled, _rejected, [.. _errors.OrderBy(error => error.Line)]);
    }
}
