using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// What was made from templates, by their text: one for a node and all its open sandboxes, so that the limits below are the node's. With one for each
/// sandbox, twenty users could fill twenty times as much memory.
/// </summary>
internal sealed class TemplateCache : IDisposable
{
    /// <summary>How much template text is kept parsed; a parsed template takes some ten times as much memory.</summary>
    public const int CachedCharacters = 4 * 1024 * 1024;

    /// <summary>Parsed templates by their text.</summary>
    public MemoryCache Parsed { get; } = new(new MemoryCacheOptions { SizeLimit = CachedCharacters });

    /// <summary>Cleaned mails without their values.</summary>
    public SanitizedHtmlCache Shapes { get; } = new();

    public void Dispose()
    {
        Parsed.Dispose();
        Shapes.Dispose();
    }
}
