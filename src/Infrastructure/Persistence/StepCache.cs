using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The steps of versions, by the version's id, which is unique over all users and sandboxes: one for a node and all its open sandboxes, so that the
/// limit is the node's.
/// </summary>
internal sealed class StepCache : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The steps; an entry weighs what it takes in memory, in bytes.</summary>
    public MemoryCache Versions { get; } = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => Versions.Dispose();
}
