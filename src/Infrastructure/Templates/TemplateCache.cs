using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Caches results derived from templates, by their text: one cache for a node and all its open sandboxes, so that the limits below apply to the node.
/// With one cache per sandbox, twenty users could use twenty times as much memory.
/// </summary>
internal sealed class TemplateCache : IDisposable
{
    /// <summary>The maximum length of cached template text, in characters; a parsed template takes about ten times as much memory.</summary>
    public const int CachedCharacters = 4 * 1024 * 1024;

    public MemoryCache Parsed { get; } = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });

    /// <summary>Cleaned mails without their values.</summary>
    public SanitizedHtmlCache Shapes { get; } = new();

    public void Dispose()
    {
        Parsed.Dispose();
        Shapes.Dispose();
    }
}
