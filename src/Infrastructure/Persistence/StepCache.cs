using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Steps by version id, unique over all sandboxes: one cache for a node and its sandboxes, so that the limit is the node's.</summary>
internal sealed class StepCache : IDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    public MemoryCache Versions { get; } = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public void Dispose() => Versions.Dispose();
}
