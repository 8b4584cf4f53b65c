namespace FollowUp.Infrastructure.Templates;

/// <summary>The kind of a piece of HTML source.</summary>
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

/// <summary>An attribute as written in the source.</summary>
/// <param name="LeadStart">The start of the white space before it.</param>
/// <param name="End">The position after its value's closing quote.</param>
/// <param name="Name">Its name in lower case.</param>
/// <param name="ValueStart">The start of its value, without the quote.</param>
/// <param name="ValueEnd">The end of its value.</param>
internal readonly record struct HtmlAttribute(int LeadStart, int End, string Name, int ValueStart, int ValueEnd);

/// <summary>A piece of HTML source. The tokens of a source follow each other without gaps.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Start">Its start.</param>
/// <param name="End">The position after it.</param>
/// <param name="Name">A tag's name in lower case; otherwise empty.</param>
/// <param name="Attributes">A start tag's attributes; otherwise empty.</param>
internal readonly record struct HtmlToken(HtmlTokenKind Kind, int Start, int End, string Name, IReadOnlyList<HtmlAttribute> Attributes);
