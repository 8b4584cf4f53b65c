using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// The connections of the statements that every step takes. Each of these statements has one right plan: follow the indexes, row by row. Their
/// connections allow no other, because a planner that meets an almost empty table at start-up would keep a plan that reads it whole, and planning
/// anew each time is a good part of what such a statement costs. Statements are prepared once a connection.
/// </summary>
internal sealed class EngineDatabase(IConfiguration settings) : IAsyncDisposable
{
    private const string OnePlan =
        " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <summary>The pool.</summary>
    public NpgsqlDataSource Connections { get; } =
        DataSource.Build(
            settings,
            "followup_engine",
            connection =>
            {
                connection.Options += OnePlan;
                // Nothing is ever set on these connections that would have to be reset.
                connection.NoResetOnClose = true;
            }
        );

    public ValueTask DisposeAsync() => Connections.DisposeAsync();
}
