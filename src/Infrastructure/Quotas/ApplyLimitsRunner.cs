namespace FollowUp.Infrastructure.Quotas;

/// <summary>
/// Makes the mails that wait for a limit due now, so that they are checked against the new limits; each keeps its position among the waiting mails.
/// Walks over the owner's jobs that are not due yet, in order. If the limit allows at least as much as before, a mail that is refused again moves to
/// its old position or an earlier one, which is behind the walk, so the walk ends.
/// </summary>
internal sealed class ApplyLimitsRunner(FollowUpDbContext db) : IOperationRunner
{
    private const string WaitsForLimit = """
        j.state = 'ready' AND j.wanted_at IS NOT NULL
          AND j.waiting_for @? '$[*] ? (@.reason == "cap" || @.reason == "gap" || @.reason == "recipientCap")'
        """;

    public OperationKind Kind => OperationKind.ApplyLimits;
    public int BatchRows => 1_000;
    public bool PassesOver => false;

    public async Task<int> Count(Operation operation, int most, CancellationToken cancellationToken)
    {
        // Counts every job that the walk reads, whether it waits for a limit or for its due time.
        await using var command = db.Command(
            "SELECT count(*)::int FROM (SELECT 1 FROM step_job WHERE owner_id = @owner AND claimable AND due_at > now() LIMIT @most) j"
        );
        command.Parameters.AddWithValue("owner", operation.OwnerId.Value);
        command.Parameters.AddWithValue("most", most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken)
    {
        // Reads the page without locks and then locks its mails in the order of their instances, like every statement that locks several jobs and
        // waits; READ COMMITTED checks the condition again on the locked row.
        await using var command = db.Command(
            $"""
            WITH page AS MATERIALIZED (
              SELECT instance_id, due_at, is_first, in_line_since, id FROM step_job
              WHERE owner_id = @owner AND claimable AND due_at > now()
                AND ({JobOrder.OfOwners}) > (@owner, @from_due_at, @from_is_first, @from_in_line_since, @from_id)
              ORDER BY {JobOrder.OfOwners} LIMIT {most}),
            waiting AS MATERIALIZED (
              SELECT j.instance_id FROM step_job j WHERE j.instance_id IN (SELECT instance_id FROM page) AND j.claimable AND {WaitsForLimit}
              ORDER BY j.instance_id FOR UPDATE),
            asked AS (
              UPDATE step_job j SET due_at = now(), waiting_for = '[]' FROM waiting w WHERE j.instance_id = w.instance_id RETURNING 1)
            SELECT (SELECT count(*) FROM page)::int, (SELECT count(*) FROM asked), last.*
            FROM (SELECT due_at, is_first, in_line_since, id FROM page ORDER BY {JobOrder.Sql.Replace(
                ",",
                " DESC,",
                StringComparison.Ordinal
            )} DESC LIMIT 1) last
            """
        );
        command.Parameters.AddWithValue("owner", operation.OwnerId.Value);
        StoredSortKey.Read(operation.Cursor).AddTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return new OperationBatch { Walked = true };
        }

        var looked = reader.GetInt32(0);
        return new OperationBatch
        {
            Done = looked,
            MadeDue = reader.GetInt32(1),
            Cursor = StoredSortKey.Write(new(reader.GetDateTime(2), reader.GetBoolean(3), reader.GetDateTime(4), reader.GetGuid(5))),
            Walked = looked < most,
        };
    }
}
