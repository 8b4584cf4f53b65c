using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The steps of versions by version id, which is unique over all users and sandboxes: one cache for a node and all its open sandboxes, so that the
/// limit applies to the node.
/// </summary>
internal sealed class StepCache : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The steps; the size of an entry is its memory in bytes.</summary>
    public MemoryCache Versions { get; } = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => Versions.Dispose();
}
