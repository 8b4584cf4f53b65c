namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Counts the characters that parsers copy while one mail is cleaned, so that they can be charged. Pages that close their formatting cause no copies.
/// </summary>
internal sealed class PageCopies
{
    public long Characters { get; private set; }

    public void Add(long characters) => Characters += characters;
}
