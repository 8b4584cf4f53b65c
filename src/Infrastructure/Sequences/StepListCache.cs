using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Sequences;

/// <summary>
/// Caches the steps of versions, bounded by their size. Ids are unique over all users, and callers have read the id from one of their sequences.
/// </summary>
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
