namespace FollowUp.Infrastructure.Sandbox;

internal sealed class SandboxSize(NpgsqlDataSource tables, SandboxLimits limits)
{
    /// <summary>Throws <see cref="SandboxFullException"/> when the sandbox is full.</summary>
    public async Task Check(CancellationToken cancellationToken)
    {
        // Asks the file system for the sizes of some dozens of files; takes no lock that blocks a write.
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
