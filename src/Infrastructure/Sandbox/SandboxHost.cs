namespace FollowUp.Infrastructure.Sandbox;

/// <summary>One user's sandbox, as opened by this node.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _tables;
    private readonly SandboxClock _time;

    private SandboxHost(ServiceProvider services, NpgsqlDataSource tables, SandboxClock time) =>
        (_services, _tables, _time) = (services, tables, time);

    /// <summary>Creates or upgrades its tables, and builds the services that work on them.</summary>
    public static async Task<SandboxHost> Open(
        OwnerId owner,
        IServiceProvider program,
        NpgsqlDataSource home,
        NpgsqlDataSource live,
        SandboxLimits limits,
        Func<string, NpgsqlDataSource> build
    )
    {
        var schema = new SandboxSchema(owner, limits);
        var tables = build(schema.SearchPath);
        try
        {
            await schema.Prepare(home, live, tables, CancellationToken.None);
            var time = new SandboxClock();
            return new SandboxHost(SandboxRegistration.BuildServices(program, tables, time), tables, time);
        }
        catch
        {
            await tables.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a scope in it and synchronizes its clock. A request that may add rows is refused when the sandbox is full.</summary>
    public async Task<AsyncServiceScope> Enter(bool adds, CancellationToken cancellationToken)
    {
        if (adds)
        {
            await _services.GetRequiredService<SandboxSize>().Check(cancellationToken);
        }

        await using var command = _tables.CreateCommand("SELECT instant FROM sandbox_clock");
        _time.SetTo(new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!));
        return _services.CreateAsyncScope();
    }

    public void CloseIdle() => _tables.Clear();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _tables.DisposeAsync();
    }
}
