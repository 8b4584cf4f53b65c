using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// The steps of versions by version id, for <c>CachedSequenceVersions</c>. A node and its sandboxes share one cache, so the limit applies to the
/// node. Version ids are unique across sandboxes.
/// </summary>
internal sealed class StepCache : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    public MemoryCache Versions { get; } = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => Versions.Dispose();
}
