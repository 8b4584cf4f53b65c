using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// The sandboxes that this node has open. One is opened with the first request for it and closed when others need the room, or when it is idle and
/// was opened an hour ago, so that its schema is marked as used again.
/// </summary>
/// <param name="program">What a sandbox shares with the program: settings, logs, the request.</param>
/// <param name="live">The program's own tables.</param>
/// <param name="settings">All settings.</param>
/// <param name="limits">What sandboxes may use.</param>
/// <param name="time">Measures how long a sandbox has been open.</param>
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

    // Opening takes two of the live tables' connections, and waits for the other openings in any case.
    private readonly SemaphoreSlim _opening = new(1);
    private readonly PoolBudget _pools = new(limits.Pools, time);
    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Opened> _worlds = [];
    private long _uses;

    /// <summary>The requests' places.</summary>
    public SandboxSlots Places { get; } = new();

    /// <summary>Enters a user's sandbox; makes it when it does not exist.</summary>
    /// <param name="place">The request's place.</param>
    /// <param name="request">The services of the request, for what a sandbox does not have.</param>
    /// <param name="adds">Whether the request may add rows, and so is refused when the sandbox is full.</param>
    /// <returns>The services of the sandbox, until they are disposed of.</returns>
    /// <exception cref="SandboxFullException">The sandbox is full, or there is no room for another one.</exception>
    /// <exception cref="TimeoutException">There was no turn within <see cref="SandboxLimits.Patience"/>.</exception>
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
                    // The schema was dropped, or a newer program's node has made it again: once more from the start.
                    ?? await TryEnter(place, request, adds, patience.Token)
                    ?? throw new InvalidOperationException("The sandbox's tables vanish as soon as they are made.");
            }
            catch
            {
                place.LeaveSlot();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("No sandbox connection was free in time.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _worlds.Values)
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
            var world = await opened.World.Value.WaitAsync(cancellationToken);
            var scope = await world.Enter(adds, cancellationToken);
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
            await Leave(place.Owner, opened, hasPool, forget: opened.World is { IsValueCreated: true, Value.IsFaulted: true });
            throw;
        }
    }

    private Opened Take(OwnerId owner)
    {
        List<Opened> closing = [];
        Opened? taken;
        lock (_lock)
        {
            if (_worlds.TryGetValue(owner, out taken) && taken.Users == 0 && time.GetElapsedTime(taken.OpenedAt) > LongestOpen)
            {
                _worlds.Remove(owner);
                closing.Add(taken);
                taken = null;
            }

            if (taken is null)
            {
                var idle = _worlds.Where(w => w.Value.Users == 0).OrderBy(w => w.Value.LastUse).FirstOrDefault();
                if (_worlds.Count >= MostOpen && idle.Value is not null)
                {
                    _worlds.Remove(idle.Key);
                    closing.Add(idle.Value);
                }

                taken = _worlds[owner] = new Opened(new Lazy<Task<SandboxHost>>(() => Open(owner)), time.GetTimestamp());
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
            if (forget && _worlds.TryGetValue(owner, out var present) && present == opened)
            {
                _worlds.Remove(owner);
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
        if (opened.World is { IsValueCreated: true, Value: var opening })
        {
            try
            {
                await (await opening).DisposeAsync();
            }
            catch (Exception failure) when (opening.IsFaulted)
            {
                // It was never open; the requests that waited for it have been answered with the failure.
                _ = failure;
            }
        }

        _pools.Forget(opened);
    }

    private sealed class Opened(Lazy<Task<SandboxHost>> world, long openedAt)
    {
        public Lazy<Task<SandboxHost>> World { get; } = world;

        public long OpenedAt => openedAt;

        /// <summary>Closes the idle connections, of which an idle sandbox has no others.</summary>
        public void CloseIdle()
        {
            if (World is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } open })
            {
                open.Result.CloseIdle();
            }
        }

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool IsForgotten { get; set; }
    }
}
