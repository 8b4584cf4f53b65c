using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// The breakers, one row a channel. Five provider-wide failures in a row, of more than one instance, open it: one instance's own trouble is
/// not an outage. While it is open nothing of its channel is claimed, but for one probe after 5, 10, 20 … 300 s, or later where the provider
/// asked for that. When it closes, what came due meanwhile is a backlog, which <see cref="StepOutbox"/> lets out at a pace.
/// </summary>
internal sealed class Breakers(NpgsqlDataSource dataSource, TimeProvider time) : IBreakers
{
    private const int FailuresToOpen = 5;

    /// <summary>How long a probe keeps others from probing: longer than a provider's call may take.</summary>
    private static readonly TimeSpan ProbeWindow = TimeSpan.FromSeconds(15);

    private volatile IReadOnlyList<Channel> _troubled = [];

    /// <summary>The channels whose breaker is open and may be tried out, as of the last <see cref="Read"/>.</summary>
    public IReadOnlyList<Channel> ReadyToProbe { get; private set; } = [];

    /// <summary>The channels whose breaker was open as of the last <see cref="Read"/>, and for how much longer it keeps from probing.</summary>
    public IReadOnlyDictionary<Channel, TimeSpan> Open { get; private set; } = new Dictionary<Channel, TimeSpan>();

    /// <summary>The channels that work off the backlog of an outage, as of the last <see cref="Read"/>.</summary>
    public IReadOnlyList<Channel> Recovering { get; private set; } = [];

    /// <summary>What all nodes know. Goes along with every claim.</summary>
    public const string ReadSql = """
        SELECT channel, open_until - clock_timestamp(), failures > 0, backlog_until IS NOT NULL
        FROM channel_breaker WHERE failures > 0 OR open_until IS NOT NULL OR backlog_until IS NOT NULL
        """;

    /// <summary>Takes in what <see cref="ReadSql"/> found.</summary>
    public async Task Read(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<Channel> troubled = [];
        List<Channel> recovering = [];
        Dictionary<Channel, TimeSpan> open = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            var channel = TableWords.Read<Channel>(reader.GetString(0));
            if (!reader.IsDBNull(1))
            {
                open[channel] = reader.GetTimeSpan(1);
            }

            if (reader.GetBoolean(2) || open.ContainsKey(channel))
            {
                troubled.Add(channel);
            }

            if (reader.GetBoolean(3))
            {
                recovering.Add(channel);
            }
        }

        _troubled = troubled;
        Open = open;
        Recovering = recovering;
        ReadyToProbe = [.. open.Where(o => o.Value <= TimeSpan.Zero).Select(o => o.Key)];
    }

    /// <summary>Takes the right to probe, when a step is due to probe with; only one node gets it.</summary>
    public static async Task<bool> BeginProbe(NpgsqlConnection connection, Channel channel, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE channel_breaker SET open_until = clock_timestamp() + @window
            WHERE channel = @channel AND open_until <= clock_timestamp()
              AND EXISTS (SELECT 1 FROM step_job WHERE claimable AND state = 'ready' AND step_type = @channel AND due_at <= now())
            """,
            connection
        );
        command.Parameters.AddWithValue("channel", TableWords.Upper(channel));
        command.Parameters.AddWithValue("window", ProbeWindow);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public Task<bool> Failed(Channel channel, ClaimedStep step, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        _troubled = [.. _troubled, channel];
        return UntilItIsWritten(
            """
            UPDATE channel_breaker b
            SET failures = failures + 1,
                several = several OR coalesce(last_instance_id <> @instance, false),
                last_instance_id = @instance,
                trips = CASE WHEN opens OR (@probe AND open_until IS NOT NULL) THEN trips + 1 ELSE trips END,
                open_until = CASE
                  WHEN opens OR (@probe AND open_until IS NOT NULL)
                    THEN clock_timestamp() + greatest(least(5 * 2 ^ trips, 300) * interval '1 second', @retry_after)
                  WHEN open_until IS NOT NULL THEN greatest(open_until, clock_timestamp() + @retry_after) END
            FROM (SELECT channel, open_until IS NULL AND failures + 1 >= @limit AND (several OR coalesce(last_instance_id <> @instance, false)) AS opens
                  FROM channel_breaker WHERE channel = @channel FOR UPDATE) AS before
            WHERE b.channel = before.channel
            RETURNING open_until IS NOT NULL
            """,
            channel,
            step,
            retryAfter,
            cancellationToken
        );
    }

    public async Task Answered(Channel channel, CancellationToken cancellationToken)
    {
        if (_troubled.Contains(channel))
        {
            await UntilItIsWritten(
                """
                UPDATE channel_breaker
                SET failures = 0, trips = 0, several = false, last_instance_id = NULL, open_until = NULL,
                    backlog_until = CASE WHEN open_until IS NULL THEN backlog_until ELSE clock_timestamp() END,
                    paced_until = CASE WHEN open_until IS NULL THEN paced_until ELSE clock_timestamp() END
                WHERE channel = @channel RETURNING false
                """,
                channel,
                null,
                null,
                cancellationToken
            );
        }
    }

    /// <summary>The step's own write-back waits for the database in any case, so this may wait for it too.</summary>
    private async Task<bool> UntilItIsWritten(
        string sql,
        Channel channel,
        ClaimedStep? step,
        TimeSpan? retryAfter,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                await using var command = dataSource.CreateCommand(sql);
                command.Parameters.AddWithValue("channel", TableWords.Upper(channel));
                command.Parameters.AddWithValue("instance", step?.Instance.Id.Value ?? Guid.Empty);
                command.Parameters.AddWithValue("probe", step?.IsProbe ?? false);
                command.Parameters.AddWithValue("limit", FailuresToOpen);
                command.Parameters.AddWithValue("retry_after", retryAfter ?? TimeSpan.Zero);
                return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure))
            {
                PostgresFailures.ForgetConnections(failure, dataSource);
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
            }
        }
    }
}
