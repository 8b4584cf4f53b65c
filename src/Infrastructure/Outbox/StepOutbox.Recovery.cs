using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <content>
/// The pace after an outage. When a breaker closes, its channel's steps that are due by then are its backlog: they go out oldest first, so many
/// a second by all nodes together (<c>Dispatcher:RecoveryPerSecond</c>). What comes due later is no part of it and does not wait.
/// </content>
internal sealed partial class StepOutbox
{
    /// <summary>How long permits gather before the pump looks again: a claim for each single one would cost more than it carries out.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Locks the channel's row, and nothing else, to take permits. <c>paced_until</c> is the instant up to which the pace is used up; what nobody
    /// used for more than a second is forfeited, or a pause would be followed by a burst.
    /// </summary>
    private const string PermitsSql = """
        UPDATE channel_breaker b SET paced_until = p.since + p.permits * @interval
        FROM (SELECT channel, since, greatest(least(@most, floor(extract(epoch FROM clock_timestamp() - since) * @rate)), 0)::int AS permits
              FROM (SELECT channel, greatest(paced_until, clock_timestamp() - interval '1 second') AS since
                    FROM channel_breaker WHERE channel = @channel AND backlog_until IS NOT NULL AND open_until IS NULL FOR UPDATE) locked) p
        WHERE b.channel = p.channel
        RETURNING p.permits
        """;

    /// <summary>Ends the recovery when nothing of the backlog is left. Rows that others hold locked at this moment still count as left.</summary>
    private const string RecoveredSql = """
        UPDATE channel_breaker b SET backlog_until = NULL, paced_until = NULL
        WHERE channel = @channel AND backlog_until IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM step_job
                          WHERE claimable AND state = 'ready' AND step_type = @channel AND due_at < (SELECT max(backlog_until) FROM channel_breaker))
        """;

    private async Task<(List<ClaimedStep> Steps, TimeSpan? NextPermit)> ClaimBacklogs(
        NpgsqlConnection connection,
        int lanes,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        List<ClaimedStep> steps = [];
        foreach (var channel in breakers.Recovering)
        {
            var permits = await TakePermits(connection, channel, lanes - steps.Count, cancellationToken);
            if (permits > 0)
            {
                var word = TableWords.Upper(channel);
                // From the front: the low-water mark has passed what waited for the breaker.
                var due = new Due(
                    ClaimStatements.Oldest($"step_type = '{word}' AND due_at < (SELECT max(backlog_until) FROM channel_breaker)", permits),
                    permits
                );
                var claimed = (await Claim(connection, due, unseen, cancellationToken)).Steps;
                steps.AddRange(claimed);
                if (claimed.Count == 0)
                {
                    await using var recovered = new NpgsqlCommand(RecoveredSql, connection);
                    recovered.Parameters.AddWithValue("channel", word);
                    await recovered.ExecuteNonQueryAsync(cancellationToken);
                }
            }
        }

        return (steps, breakers.Recovering.Count > 0 ? Gathering : null);
    }

    private async Task<int> TakePermits(NpgsqlConnection connection, Channel channel, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PermitsSql, connection);
        command.Parameters.AddWithValue("channel", TableWords.Upper(channel));
        command.Parameters.AddWithValue("most", most);
        command.Parameters.AddWithValue("rate", options.RecoveryPerSecond);
        command.Parameters.AddWithValue("interval", TimeSpan.FromSeconds(1) / options.RecoveryPerSecond);
        return (int?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }
}
