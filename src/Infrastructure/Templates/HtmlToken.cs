namespace FollowUp.Infrastructure.Templates;

/// <summary>What a piece of HTML source is.</summary>
internal enum HtmlTokenKind
{
    Text,

    /// <summary>The content of an element whose content is no markup, such as <c>style</c> and <c>script</c>.</summary>
    RawText,
    StartTag,
    EndTag,
    Comment,

    /// <summary>What parsers read as a comment although it is none: <c>&lt;![if mso]&gt;</c>, <c>&lt;?xml …&gt;</c>.</summary>
    BogusComment,
    Doctype,

    /// <summary>A tag or comment that never ends; parsers drop it.</summary>
    Unfinished,
}

/// <summary>An attribute as it is written in the source.</summary>
/// <param name="LeadStart">Where the white space in front of it starts.</param>
/// <param name="End">The position behind its value's closing quote.</param>
/// <param name="Name">Its name in lower case.</param>
/// <param name="ValueStart">Where its value starts, without the quote.</param>
/// <param name="ValueEnd">Where its value ends.</param>
internal readonly record struct HtmlAttribute(int LeadStart, int End, string Name, int ValueStart, int ValueEnd);

/// <summary>A piece of HTML source. The tokens of a source follow each other without a gap.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">The position behind it.</param>
/// <param name="Name">A tag's name in lower case; else empty.</param>
/// <param name="Attributes">A start tag's attributes; else empty.</param>
internal readonly record struct HtmlToken(HtmlTokenKind Kind, int Start, int End, string Name, IReadOnlyList<HtmlAttribute> Attributes);
