using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Log;

/// <summary>A transaction that has written an event and stays open. It is rolled back unless it is committed.</summary>
internal sealed class SlowWriter(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid instance) : IAsyncDisposable
{
    private static int _written = 1_000_000;

    public static async Task<SlowWriter> Begin(TestDatabase database, Guid instance, string? first = null)
    {
        var connection = await database.DataSource.OpenConnectionAsync();
        var writer = new SlowWriter(connection, await connection.BeginTransactionAsync(), instance);
        if (first is not null)
        {
            await writer.Do(first);
        }

        await writer.Write();
        return writer;
    }

    /// <summary>Writes an event with an arbitrary number, unlike a node, so that writers do not wait for each other.</summary>
    public Task Write() =>
        Do(
            $"""
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, type, content, sent_at, previous_hash, hash)
            SELECT (lpad(to_hex((extract(epoch FROM date_trunc('milliseconds', t)) * 1000)::bigint), 12, '0')
                    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
                   owner_id, instance_id, sequence_id, version, {Interlocked.Increment(ref _written)}, 'replied', '{"{}"}',
                   date_trunc('milliseconds', t), previous_hash, hash
            FROM follow_up_event, clock_timestamp() t WHERE instance_id = '{instance}' AND number = 1
            """
        );

    public async Task Do(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
    }

    public Task Commit() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
