using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>
/// The sandboxes that this node has open. A world is opened with the first request for it and closed when others need the room. A few requests at
/// a time are let in, over all worlds, so that sandboxes take little from the live world's database.
/// </summary>
/// <param name="program">What a world shares with the program: settings, logs, the request.</param>
/// <param name="live">The program's own tables.</param>
/// <param name="settings">All settings.</param>
public sealed class Worlds(IServiceProvider program, NpgsqlDataSource live, IConfiguration settings) : IAsyncDisposable
{
    private const int MostOpen = 20;
    private const int MostAtOnce = 8;

    private readonly NpgsqlDataSource? _ownHome = DataSource.BuildSandboxHome(settings);
    private readonly SemaphoreSlim _entrance = new(MostAtOnce);
    private readonly Lock _lock = new();
    private readonly Dictionary<OwnerId, Opened> _worlds = [];
    private long _uses;

    /// <summary>Enters a user's sandbox; makes it, when nobody has entered it before.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="request">The services of the request, for what a world does not have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The services of the world, until they are disposed of.</returns>
    public async Task<WorldServices> Enter(OwnerId owner, IServiceProvider request, CancellationToken cancellationToken)
    {
        await _entrance.WaitAsync(cancellationToken);
        try
        {
            return await TryEnter(owner, request, cancellationToken)
                // Somebody has dropped the schema, or a newer program's node has made it anew: once more from the start.
                ?? await TryEnter(owner, request, cancellationToken)
                ?? throw new InvalidOperationException("The sandbox's tables vanish as soon as they are made.");
        }
        catch
        {
            _entrance.Release();
            throw;
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

        _entrance.Dispose();
    }

    private async Task<WorldServices?> TryEnter(OwnerId owner, IServiceProvider request, CancellationToken cancellationToken)
    {
        var opened = Take(owner);
        try
        {
            var world = await opened.World.Value.WaitAsync(cancellationToken);
            var scope = await world.Enter(cancellationToken);
            return new WorldServices(
                scope,
                request,
                async () =>
                {
                    _entrance.Release();
                    await Leave(owner, opened, forget: false);
                }
            );
        }
        catch (PostgresException failure)
            when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await Leave(owner, opened, forget: true);
            return null;
        }
        catch
        {
            await Leave(owner, opened, forget: opened.World.Value.IsFaulted);
            throw;
        }
    }

    private Opened Take(OwnerId owner)
    {
        Opened? closing = null;
        Opened? taken;
        lock (_lock)
        {
            if (!_worlds.TryGetValue(owner, out taken))
            {
                var idle = _worlds.Where(w => w.Value.Users == 0).OrderBy(w => w.Value.LastUse).FirstOrDefault();
                if (_worlds.Count >= MostOpen && idle.Value is not null)
                {
                    _worlds.Remove(idle.Key);
                    closing = idle.Value;
                }

                taken = _worlds[owner] = new Opened(
                    new Lazy<Task<World>>(() =>
                        World.Open(owner, program, _ownHome ?? live, live, path => DataSource.BuildSandbox(settings, path))
                    )
                );
            }

            taken.Users++;
            taken.LastUse = ++_uses;
        }

        if (closing is not null)
        {
            _ = Close(closing);
        }

        return taken;
    }

    private async Task Leave(OwnerId owner, Opened opened, bool forget)
    {
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

    private static async Task Close(Opened opened)
    {
        if (opened.World is { IsValueCreated: true, Value: var opening })
        {
            try
            {
                await (await opening).DisposeAsync();
            }
            catch (Exception failure) when (opening.IsFaulted)
            {
                // It was never open; whoever wanted in was told why.
                _ = failure;
            }
        }
    }

    private sealed class Opened(Lazy<Task<World>> world)
    {
        public Lazy<Task<World>> World { get; } = world;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool IsForgotten { get; set; }
    }
}
