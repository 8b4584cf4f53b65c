namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Counts what parsers copy while one mail is cleaned, so that it can be charged. Pages that close their formatting copy nothing.
/// </summary>
internal sealed class PageCopies
{
    /// <summary>By how many characters the pages that were parsed are longer than their sources, added up.</summary>
    public long Characters { get; private set; }

    public void Add(long characters) => Characters += characters;
}
