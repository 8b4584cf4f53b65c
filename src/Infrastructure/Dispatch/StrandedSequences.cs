namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Finds enabled sequences with parked jobs that no operation releases. The write-back that parks a step does not lock the sequence, because closely
/// spaced share locks would keep an update of the sequence waiting; so a step may be parked just after the release ended.
/// </summary>
internal sealed class StrandedSequences(EngineDatabase engine)
{
    /// <summary>Maximum number of sequences that one query visits; the next query continues after the last one.</summary>
    private const int MostSequences = 500;

    /// <summary>Locks nothing: the operation checks again. A loose index scan goes from sequence to sequence by the index of parked jobs.</summary>
    private static readonly string Sql = $"""
        WITH RECURSIVE parked AS (
          (SELECT sequence_id, 1 AS place FROM step_job WHERE park_reason = 'sequenceDisabled' AND sequence_id > @after ORDER BY sequence_id LIMIT 1)
          UNION ALL
          SELECT next.sequence_id, p.place + 1 FROM parked p CROSS JOIN LATERAL (
            SELECT j.sequence_id FROM step_job j WHERE j.park_reason = 'sequenceDisabled' AND j.sequence_id > p.sequence_id
            ORDER BY j.sequence_id LIMIT 1) next
          WHERE p.place < {MostSequences})
        SELECT p.sequence_id, s.owner_id,
               (s.enabled AND s.deleted_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM operation o
                 WHERE o.owner_id = s.owner_id AND o.kind = 'releaseParked' AND o.target_id = s.id AND o.finished_at IS NULL)) IS TRUE
        FROM parked p LEFT JOIN sequence s ON s.id = p.sequence_id
        """;

    private Guid _after = Guid.Empty;

    /// <summary>The stranded ones among the next sequences. Not thread-safe; sweeps of a node do not overlap.</summary>
    public async Task<IReadOnlyList<StrandedSequence>> Find(CancellationToken cancellationToken)
    {
        await using var command = engine.Connections.CreateCommand(Sql);
        command.Parameters.AddWithValue("after", _after);
        List<StrandedSequence> stranded = [];
        var (passed, last) = (0, Guid.Empty);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            passed++;
            // The order of ids is PostgreSQL's, which compares bytes.
            last = reader.GetGuid(0).CompareTo(last) > 0 ? reader.GetGuid(0) : last;
            if (reader.GetBoolean(2))
            {
                stranded.Add(new(new OwnerId(reader.GetGuid(1)), new SequenceId(reader.GetGuid(0))));
            }
        }

        _after = passed < MostSequences ? Guid.Empty : last;
        return stranded;
    }
}
