using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Sequences;

/// <summary>Caches the variables of recently read versions, because the template cache may have evicted their parsed templates.</summary>
internal sealed class CachedVariables(ITemplateRenderer templates) : IVersionVariables, IDisposable
{
    private const int CachedCharacters = 4 * 1024 * 1024;
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });

    public SequenceVariables Of(SequenceVersion version)
    {
        if (_kept.TryGetValue(version.Id, out SequenceVariables? kept))
        {
            return kept!;
        }

        var found = SequenceVariables.Of(version.Steps, templates, new RenderAllowance());
        _kept.Set(version.Id, found, new MemoryCacheEntryOptions { Size = found.Weight });
        return found;
    }

    public void Dispose() => _kept.Dispose();
}
