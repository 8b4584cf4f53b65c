namespace FollowUp.Infrastructure.Templates;

internal enum HtmlTokenKind
{
    Text,

    /// <summary>The content of an element that contains no markup, such as <c>style</c> and <c>script</c>.</summary>
    RawText,
    StartTag,
    EndTag,
    Comment,

    /// <summary>Text that parsers treat as a comment although it is not one: <c>&lt;![if mso]&gt;</c>, <c>&lt;?xml …&gt;</c>.</summary>
    BogusComment,
    Doctype,

    /// <summary>A tag or comment that is never closed; parsers drop it.</summary>
    Unfinished,
}

internal readonly record struct HtmlAttribute(int LeadStart, int End, string Name, int ValueStart, int ValueEnd);

/// <summary>A piece of HTML source. The tokens of a source follow each other without gaps.</summary>
internal readonly record struct HtmlToken(HtmlTokenKind Kind, int Start, int End, string Name, IReadOnlyList<HtmlAttribute> Attributes);
