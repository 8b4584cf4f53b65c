namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Deletes expired rows in small batches, so that no lock is held for long.</summary>
internal sealed class Pruner(NpgsqlDataSource dataSource, DispatchOptions options, OperationOptions operations)
{
    private const int BatchRows = 5_000;

    /// <summary>Deletes batches until no expired row is left.</summary>
    public async Task Prune(CancellationToken cancellationToken)
    {
        // An attempt whose step is still in doubt is kept, because the provider's event for it may still arrive. Ids begin with the time of the claim
        // (UUIDv7), so the oldest attempts are at the start of the primary key.
        await UntilEmpty(
            """
            DELETE FROM attempt WHERE id IN (
              SELECT a.id FROM attempt a
              WHERE a.id < (lpad(to_hex((extract(epoch FROM now() - least(@accepted, @failed)) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
                AND a.finished_at < now() - CASE a.status WHEN 'ACCEPTED' THEN @accepted ELSE @failed END
                AND NOT EXISTS (SELECT 1 FROM step_job j WHERE j.instance_id = a.instance_id AND j.id = a.step_job_id AND j.state = 'in_doubt')
              ORDER BY a.id LIMIT @batch FOR UPDATE OF a SKIP LOCKED)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM provider_event WHERE id IN (
              SELECT p.id FROM provider_event p
              WHERE p.received_at < now() - @accepted AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.id = p.attempt_id)
              LIMIT @batch)
            """,
            cancellationToken
        );
        // Two days, so that the day is over in every time zone.
        await UntilEmpty(
            """
            DELETE FROM recipient_count WHERE (owner_id, address, day) IN (
              SELECT owner_id, address, day FROM recipient_count WHERE day < (now() AT TIME ZONE 'UTC')::date - 2 LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM ceiling_count WHERE (owner_id, channel, day) IN (
              SELECT owner_id, channel, day FROM ceiling_count WHERE day < (now() AT TIME ZONE 'UTC')::date - 2 LIMIT @batch)
            """,
            cancellationToken
        );
        // Commit proofs are queried for at most half a minute.
        await UntilEmpty(
            """
            DELETE FROM commit_proof WHERE id IN (
              SELECT id FROM commit_proof WHERE created_at < now() - interval '1 hour' LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM idempotency_key WHERE (owner_id, key_hash) IN (
              SELECT owner_id, key_hash FROM idempotency_key WHERE created_at < now() - interval '24 hours' LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            "DELETE FROM session WHERE id_hash IN (SELECT id_hash FROM session WHERE expires_at < now() LIMIT @batch)",
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM sent_slice WHERE (owner_id, slice) IN (
              SELECT owner_id, slice FROM sent_slice WHERE slice < now() - interval '1 day 1 minute' LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM breaker_transition WHERE id IN (
              SELECT id FROM breaker_transition WHERE at < now() - interval '30 days' LIMIT @batch)
            """,
            cancellationToken
        );
        // A node removes its row when it stops; one that was killed leaves it.
        await UntilEmpty(
            "DELETE FROM node WHERE id IN (SELECT id FROM node WHERE seen_at < now() - interval '1 hour' LIMIT @batch)",
            cancellationToken
        );
        await UntilEmpty(
            "DELETE FROM operation WHERE id IN (SELECT id FROM operation WHERE finished_at < now() - @operations LIMIT @batch)",
            cancellationToken
        );
    }

    private async Task UntilEmpty(string sql, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.AddWithValue("accepted", options.AcceptedRetention);
            command.Parameters.AddWithValue("failed", options.FailedRetention);
            command.Parameters.AddWithValue("operations", operations.Retention);
            command.Parameters.AddWithValue("batch", BatchRows);
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        } while (deleted == BatchRows);
    }
}
