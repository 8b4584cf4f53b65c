using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Sequences;

/// <summary>Step lists by version id, which is unique over all users; bounded by their size.</summary>
internal sealed class StepListCache : IDisposable
{
    private const long MostBytes = 16 * 1024 * 1024;

    /// <summary>In addition to its JSON, a list holds the same texts as strings, with two bytes per character.</summary>
    private const int BytesOfEach = 3;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public StepList? Find(SequenceVersionId id) => _cache.Get<StepList>(id);

    public void Add(SequenceVersionId id, StepList list) =>
        _cache.Set(id, list, new MemoryCacheEntryOptions { Size = BytesOfEach * list.Json.Length });

    public void Dispose() => _cache.Dispose();
}
