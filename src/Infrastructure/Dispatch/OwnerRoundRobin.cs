namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Chooses the owners of a claim when more jobs are due than lanes are free. Oldest first would let an owner with 100,000 due steps delay all others;
/// instead, each claim takes a few steps of each of several owners in a round-robin. Without a backlog, or with a single owner, nothing is queried
/// and the oldest step goes first.
/// </summary>
/// <param name="filter">The jobs that take part, as a condition over <c>step_job</c>.</param>
/// <param name="due">When they are due, as a condition over <c>due_at</c>.</param>
internal sealed class OwnerRoundRobin(TimeProvider time, string filter = "TRUE", string due = "due_at <= now()")
{
    /// <summary>Maximum number of owners that one query visits; the next query continues after the last one.</summary>
    private const int MostOwners = 500;

    /// <summary>Maximum age of the list of owners: a new owner waits no longer than this for its slot, unless the query is slow.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Queries take at most one part in this many of the time: while an old transaction is open, they have to read the entries of finished jobs.
    /// </summary>
    private const int Share = 20;

    private List<Guid> _owners = [];
    private bool _isWhole;
    private Guid _lookedUpTo = Guid.Empty;
    private int _next;
    private long? _readAt;
    private TimeSpan _keptFor;

    /// <summary>The number of waiting owners as of the last query.</summary>
    public int Waiting => _owners.Count;

    /// <summary>The owners that the next claim serves.</summary>
    /// <param name="mayHave">The owners that may be served; the others are skipped. Null for all.</param>
    /// <param name="evenOne">Whether a single waiting owner is served by the round-robin too, as where lanes are reserved for owners below their share.</param>
    /// <returns>The owners, each once; empty when oldest first is fair.</returns>
    public Guid[] Next(int most, Func<Guid, bool>? mayHave = null, bool evenOne = false)
    {
        if (_owners.Count == 0 || (_owners.Count == 1 && _isWhole && !evenOne))
        {
            return [];
        }

        List<Guid> served = [];
        var passed = 0;
        for (; passed < _owners.Count && served.Count < most; passed++)
        {
            var owner = _owners[(_next + passed) % _owners.Count];
            if (mayHave?.Invoke(owner) ?? true)
            {
                served.Add(owner);
            }
        }

        _next = (_next + passed) % _owners.Count;
        return [.. served];
    }

    /// <summary>Whether any of the waiting owners may be served.</summary>
    public bool AnyOf(Predicate<Guid> mayHave) => _owners.Exists(mayHave);

    /// <summary>Queries the waiting owners again if a claim left due jobs behind.</summary>
    /// <param name="backlog">Whether more jobs may be due than were claimed.</param>
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

        // Locks nothing. A loose index scan: one index probe leads from an owner to the first job of the next one.
        await using var command = new NpgsqlCommand(
            $"""
            WITH RECURSIVE waiting AS (
              (SELECT owner_id, due_at, 1 AS place FROM step_job WHERE claimable AND owner_id > @after AND {filter}
               ORDER BY owner_id, due_at LIMIT 1)
              UNION ALL
              SELECT next.owner_id, next.due_at, t.place + 1 FROM waiting t CROSS JOIN LATERAL (
                SELECT j.owner_id, j.due_at FROM step_job j WHERE j.claimable AND j.owner_id > t.owner_id AND {filter}
                ORDER BY j.owner_id, j.due_at LIMIT 1) next
              WHERE t.place < {MostOwners})
            SELECT owner_id, {due} FROM waiting
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
