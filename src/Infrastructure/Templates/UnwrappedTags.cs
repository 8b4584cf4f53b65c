namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Decides whether a reader would miss a tag that is removed without its content: removals are reported only if they have an effect. A tag is missed
/// if its element shows or does something itself, if it is styled, and, for a form, if it starts a line.
/// </summary>
internal sealed partial class UnwrappedTags(string html, List<HtmlToken> tokens)
{
    /// <summary>Elements before and after which a line ends anyway.</summary>
    private static readonly HashSet<string> Blocks =
    [
        .. "html head body title style meta link table caption colgroup col thead tbody tfoot tr th td div p h1 h2 h3 h4 h5 h6".Split(' '),
        .. "ul ol li dl dt dd menu dir center blockquote pre hr br section article header footer main aside nav hgroup address".Split(' '),
        .. "figure figcaption fieldset legend details summary form".Split(' '),
    ];

    private static readonly HashSet<string> Styling = [.. "class style id align dir hidden color bgcolor background size face".Split(' ')];

    private HashSet<string>? _inSheets;

    private HashSet<string>? _ended;

    /// <summary>Whether removing a start or an end tag changes what the reader sees.</summary>
    public bool IsMissed(int i)
    {
        var token = tokens[i];
        if (token.Kind == HtmlTokenKind.EndTag)
        {
            return token.Name == "form" && PartsLines(i);
        }

        return token.Name == "base" ? token.Attributes.Any(attribute => attribute.Name == "href") : IsMissed(i, token);
    }

    /// <summary>A start tag without an end tag may be a placeholder: <c>Dear &lt;first name&gt;</c>.</summary>
    private bool IsMissed(int i, HtmlToken token)
    {
        _ended ??= [.. tokens.Where(other => other.Kind == HtmlTokenKind.EndTag).Select(other => other.Name)];
        return !_ended.Contains(token.Name)
            || token.Attributes.Any(attribute => Styling.Contains(attribute.Name))
            || (_inSheets ??= NamesInSheets()).Contains(token.Name)
            || (token.Name == "form" ? PartsLines(i) || tokens.Exists(IsLostField) : MailMarkup.IsVisible(token.Name));
    }

    /// <summary>Whether there is text both before and after the tag, which its element puts on different lines.</summary>
    private bool PartsLines(int i) => HasText(i, -1) && HasText(i, +1);

    /// <summary>Whether a token is a form field that is removed: a form without fields sends nothing.</summary>
    private bool IsLostField(HtmlToken token) =>
        token.Kind == HtmlTokenKind.StartTag
        && token.Name switch
        {
            "button" or "select" or "textarea" => true,
            "input" => MailMarkup.InputFault(name => AttributeText.Of(html, token, name)) is { Why: not null },
            _ => false,
        };

    private bool HasText(int i, int step)
    {
        for (i += step; i >= 0 && i < tokens.Count; i += step)
        {
            var token = tokens[i];
            switch (token.Kind)
            {
                case HtmlTokenKind.Text when !html.AsSpan(token.Start, token.End - token.Start).IsWhiteSpace():
                case HtmlTokenKind.StartTag when token.Name == "img":
                    return true;
                case HtmlTokenKind.StartTag or HtmlTokenKind.EndTag when Blocks.Contains(token.Name):
                    return false;
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>All names in style sheets: a rule may select an element by its name.</summary>
    private HashSet<string> NamesInSheets() =>
        [
            .. tokens
                .Where(token => token is { Kind: HtmlTokenKind.RawText, Name: "style" })
                .SelectMany(sheet => Word().Matches(html[sheet.Start..sheet.End]))
                .Select(word => word.Value.ToLowerInvariant()),
        ];

    [GeneratedRegex("[a-z][a-z0-9-]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}
