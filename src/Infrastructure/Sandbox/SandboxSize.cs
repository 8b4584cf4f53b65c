using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The disk space that a sandbox's tables take, with their indexes.</summary>
/// <param name="tables">The sandbox's tables.</param>
/// <param name="limits">How much it may be.</param>
internal sealed class SandboxSize(NpgsqlDataSource tables, SandboxLimits limits)
{
    /// <summary>Refuses to go on in a sandbox that is full.</summary>
    /// <exception cref="SandboxFullException">It is.</exception>
    public async Task Check(CancellationToken cancellationToken)
    {
        // Asks the file system for the size of some dozens of files; takes no lock that a write waits for.
        await using var command = tables.CreateCommand(
            "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        );
        var bytes = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (bytes > limits.Megabytes * 1024L * 1024)
        {
            throw new SandboxFullException(
                $"A sandbox takes at most {limits.Megabytes} MiB of disk space, indexes included; empty it with DELETE /api/sandbox."
            );
        }
    }
}
