namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// The sandboxes that this node has open. A sandbox is opened by its first request. It is closed when another one needs its slot, or when it is idle
/// and was opened an hour ago; opening it again marks its schema as used.
/// </summary>
public sealed class SandboxRegistry(
    IServiceProvider program,
    NpgsqlDataSource live,
    IConfiguration settings,
    SandboxLimits limits,
    TimeProvider time
) : IAsyncDisposable
{
    private const int MostOpen = 20;
    private static readonly TimeSpan LongestOpen = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource? _ownHome = DataSource.BuildSandboxHome(settings);

    // Opening takes two connections of the live tables' pool, and a database-wide lock makes it wait for other openings anyway.
    private readonly SemaphoreSlim _opening = new(1);
    private readonly PoolBudget _pools = new(limits.Pools, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Opened> _sandboxes = [];
    private long _uses;

    /// <summary>The slots for requests.</summary>
    public SandboxSlots Places { get; } = new();

    /// <summary>Enters a user's sandbox; creates it if it does not exist.</summary>
    /// <param name="adds">Whether the request may add rows and is therefore refused when the sandbox is full.</param>
    /// <exception cref="SandboxFullException">The sandbox is full, or the number of sandboxes has reached its limit.</exception>
    /// <exception cref="TimeoutException">No slot or connection was free within <see cref="SandboxLimits.Patience"/>.</exception>
    public async Task<SandboxServices> Enter(
        SandboxSlots.Place place,
        IServiceProvider request,
        bool adds,
        CancellationToken cancellationToken
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SandboxLimits.Patience);
        try
        {
            await place.EnterSlot(patience.Token);
            try
            {
                return await TryEnter(place, request, adds, patience.Token)
                    // The schema was dropped, or a node of a newer version has created it again: retry once from the start.
                    ?? await TryEnter(place, request, adds, patience.Token)
                    ?? throw new InvalidOperationException("The sandbox's tables disappeared again after they were created.");
            }
            catch
            {
                place.LeaveSlot();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("No sandbox connection became free in time.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _sandboxes.Values)
        {
            await Close(opened);
        }

        if (_ownHome is not null)
        {
            await _ownHome.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<SandboxServices?> TryEnter(
        SandboxSlots.Place place,
        IServiceProvider request,
        bool adds,
        CancellationToken cancellationToken
    )
    {
        var opened = Take(place.Owner);
        var hasPool = false;
        try
        {
            await _pools.Enter(opened, opened.CloseIdle, cancellationToken);
            hasPool = true;
            var host = await opened.Host.Value.WaitAsync(cancellationToken);
            var scope = await host.Enter(adds, cancellationToken);
            return new SandboxServices(
                scope,
                request,
                async () =>
                {
                    await Leave(place.Owner, opened, hasPool, forget: false);
                    place.LeaveSlot();
                }
            );
        }
        catch (PostgresException failure)
            when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await Leave(place.Owner, opened, hasPool, forget: true);
            return null;
        }
        catch
        {
            await Leave(place.Owner, opened, hasPool, forget: opened.Host is { IsValueCreated: true, Value.IsFaulted: true });
            throw;
        }
    }

    private Opened Take(OwnerId owner)
    {
        List<Opened> closing = [];
        Opened? taken;
        lock (_lock)
        {
            if (_sandboxes.TryGetValue(owner, out taken) && taken.Users == 0 && time.GetElapsedTime(taken.OpenedAt) > LongestOpen)
            {
                _sandboxes.Remove(owner);
                closing.Add(taken);
                taken = null;
            }

            if (taken is null)
            {
                var idle = _sandboxes.Where(w => w.Value.Users == 0).OrderBy(w => w.Value.LastUse).FirstOrDefault();
                if (_sandboxes.Count >= MostOpen && idle.Value is not null)
                {
                    _sandboxes.Remove(idle.Key);
                    closing.Add(idle.Value);
                }

                taken = _sandboxes[owner] = new Opened(new Lazy<Task<SandboxHost>>(() => Open(owner)), time.GetTimestamp());
            }

            taken.Users++;
            taken.LastUse = ++_uses;
        }

        closing.ForEach(opened => _ = Close(opened));
        return taken;
    }

    private async Task<SandboxHost> Open(OwnerId owner)
    {
        await _opening.WaitAsync();
        try
        {
            return await SandboxHost.Open(
                owner,
                program,
                _ownHome ?? live,
                live,
                limits,
                path => DataSource.BuildSandbox(settings, path, SandboxLimits.ConnectionsOfEach)
            );
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task Leave(OwnerId owner, Opened opened, bool hasPool, bool forget)
    {
        if (hasPool)
        {
            _pools.Leave(opened);
        }

        bool close;
        lock (_lock)
        {
            opened.Users--;
            if (forget && _sandboxes.TryGetValue(owner, out var present) && present == opened)
            {
                _sandboxes.Remove(owner);
                opened.IsForgotten = true;
            }

            close = opened is { IsForgotten: true, Users: 0 };
        }

        if (close)
        {
            await Close(opened);
        }
    }

    private async Task Close(Opened opened)
    {
        if (opened.Host is { IsValueCreated: true, Value: var opening })
        {
            try
            {
                await (await opening).DisposeAsync();
            }
            catch (Exception failure) when (opening.IsFaulted)
            {
                // It was never open; the requests that waited for it were answered with the failure.
                _ = failure;
            }
        }

        _pools.Forget(opened);
    }

    private sealed class Opened(Lazy<Task<SandboxHost>> host, long openedAt)
    {
        public Lazy<Task<SandboxHost>> Host { get; } = host;
        public long OpenedAt => openedAt;

        /// <summary>Closes the idle connections: all connections of an idle sandbox.</summary>
        public void CloseIdle()
        {
            if (Host is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } open })
            {
                open.Result.CloseIdle();
            }
        }

        public int Users { get; set; }
        public long LastUse { get; set; }
        public bool IsForgotten { get; set; }
    }
}
