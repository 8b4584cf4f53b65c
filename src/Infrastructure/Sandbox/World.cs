using FollowUp.Domain.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>One user's sandbox, as this node has it open.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _tables;
    private readonly WorldTime _time;

    private World(ServiceProvider services, NpgsqlDataSource tables, WorldTime time) =>
        (_services, _tables, _time) = (services, tables, time);

    /// <summary>Makes its tables where they are not there, or not up to date, and builds what works on them.</summary>
    public static async Task<World> Open(
        OwnerId owner,
        IServiceProvider program,
        NpgsqlDataSource home,
        NpgsqlDataSource live,
        SandboxLimits limits,
        Func<string, NpgsqlDataSource> build
    )
    {
        var schema = new WorldSchema(owner, limits);
        var tables = build(schema.SearchPath);
        try
        {
            await schema.Prepare(home, live, tables, CancellationToken.None);
            var time = new WorldTime();
            return new World(SandboxServices.BuildWorld(program, tables, time), tables, time);
        }
        catch
        {
            await tables.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a scope in it, with the clock as it is now. A request that may add rows is refused when the sandbox is full.</summary>
    public async Task<AsyncServiceScope> Enter(bool adds, CancellationToken cancellationToken)
    {
        if (adds)
        {
            await _services.GetRequiredService<SandboxSize>().Check(cancellationToken);
        }

        await using var command = _tables.CreateCommand("SELECT instant FROM sandbox_clock");
        _time.StandAt(new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!));
        return _services.CreateAsyncScope();
    }

    public void CloseIdle() => _tables.Clear();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _tables.DisposeAsync();
    }
}
