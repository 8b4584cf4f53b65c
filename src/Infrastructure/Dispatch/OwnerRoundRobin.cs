using Npgsql;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Whose turn it is when there is more due than free lanes. Oldest first would let an owner with 100,000 due steps keep all others waiting;
/// so each claim then takes a few steps of each of several owners, round and round. Without a backlog, and with one owner only, nothing is
/// asked and the oldest step goes first.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="filter">Which jobs are meant, as a condition over <c>step_job</c>.</param>
/// <param name="due">When they are due, as a condition over <c>due_at</c>.</param>
internal sealed class OwnerRoundRobin(TimeProvider time, string filter = "TRUE", string due = "due_at <= now()")
{
    /// <summary>The most owners that one look at the outbox passes; the next look goes on behind them.</summary>
    private const int MostOwners = 500;

    /// <summary>How old the list of owners may be: a new one waits no longer than this for a turn, unless looking takes long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the time, a twentieth goes into looking: entries of jobs that are done lie in its way while an old transaction is open.</summary>
    private const int Share = 20;

    private List<Guid> _owners = [];
    private bool _isWhole;
    private Guid _lookedUpTo = Guid.Empty;
    private int _next;
    private long? _readAt;
    private TimeSpan _keptFor;

    /// <summary>How many owners wait, as of the last look.</summary>
    public int Waiting => _owners.Count;

    /// <summary>The owners whose turn it is.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="mayHave">Which owners may have a turn; the others are passed over. Null for all.</param>
    /// <param name="evenOne">Whether an owner who waits alone has turns too, as where lanes are kept for those below their share.</param>
    /// <returns>The owners, each once; empty when oldest first is fair.</returns>
    public Guid[] Next(int most, Func<Guid, bool>? mayHave = null, bool evenOne = false)
    {
        if (_owners.Count == 0 || (_owners.Count == 1 && _isWhole && !evenOne))
        {
            return [];
        }

        List<Guid> turn = [];
        var passed = 0;
        for (; passed < _owners.Count && turn.Count < most; passed++)
        {
            var owner = _owners[(_next + passed) % _owners.Count];
            if (mayHave?.Invoke(owner) ?? true)
            {
                turn.Add(owner);
            }
        }

        _next = (_next + passed) % _owners.Count;
        return [.. turn];
    }

    /// <summary>Whether any of the waiting owners may have a turn.</summary>
    public bool AnyOf(Predicate<Guid> mayHave) => _owners.Exists(mayHave);

    /// <summary>Notes whether a claim left anything due behind, and looks up who waits when it did.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="backlog">Whether there may be more due than was claimed.</param>
    public async Task Look(NpgsqlConnection connection, bool backlog, CancellationToken cancellationToken)
    {
        if (!backlog)
        {
            (_owners, _readAt) = ([], null);
            return;
        }

        if (_readAt is { } read && time.GetElapsedTime(read) < _keptFor)
        {
            return;
        }

        // A loose index scan: one probe to get from an owner to the next one's first job. Locks nothing.
        await using var command = new NpgsqlCommand(
            $"""
            WITH RECURSIVE turn AS (
              (SELECT owner_id, due_at, 1 AS place FROM step_job WHERE claimable AND owner_id > @after AND {filter}
               ORDER BY owner_id, due_at LIMIT 1)
              UNION ALL
              SELECT next.owner_id, next.due_at, t.place + 1 FROM turn t CROSS JOIN LATERAL (
                SELECT j.owner_id, j.due_at FROM step_job j WHERE j.claimable AND j.owner_id > t.owner_id AND {filter}
                ORDER BY j.owner_id, j.due_at LIMIT 1) next
              WHERE t.place < {MostOwners})
            SELECT owner_id, {due} FROM turn
            """,
            connection
        );
        command.Parameters.AddWithValue("after", _lookedUpTo);
        var begun = time.GetTimestamp();
        List<Guid> owners = [];
        var (passed, last) = (0, Guid.Empty);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (passed, last) = (passed + 1, reader.GetGuid(0));
            if (reader.GetBoolean(1))
            {
                owners.Add(last);
            }
        }

        _isWhole = passed < MostOwners && _lookedUpTo == Guid.Empty;
        _lookedUpTo = passed < MostOwners ? Guid.Empty : last;
        _readAt = time.GetTimestamp();
        var took = time.GetElapsedTime(begun, _readAt.Value);
        _keptFor = took * Share > KeptFor ? took * Share : KeptFor;
        (_owners, _next) = (owners, owners.Count == 0 ? 0 : _next % owners.Count);
    }
}
