namespace FollowUp.Infrastructure.Templates;

/// <summary>Removes from the source of a mail what a mail must not contain. The rest is unchanged.</summary>
internal sealed class MailCleaner(string html, int offset, Removals removals)
{
    private const string StopsRunning = "mail programs do not run it, and it may do harm";
    private const string Refused = "mail programs do not show it";
    private readonly StringBuilder _kept = new(html.Length);
    private readonly List<HtmlToken> _tokens = HtmlTokens.Of(html);
    private UnwrappedTags? _unwrapped;

    /// <summary>The end tag of each element by the position of its start tag; computed when the first element is removed with its content.</summary>
    private Dictionary<int, int>? _ends;

    /// <summary>Whether content was found after which a doctype is not allowed.</summary>
    private bool _hasBegun;

    private UnwrappedTags Unwrapped => _unwrapped ??= new UnwrappedTags(html, _tokens);

    public string Clean()
    {
        for (var i = 0; i < _tokens.Count; )
        {
            var next = Token(i);
            _hasBegun |= _tokens[i].Kind is not (HtmlTokenKind.Text or HtmlTokenKind.Comment);
            i = next;
        }

        return _kept.ToString();
    }

    /// <summary>Keeps or removes a token and its related tokens; returns the index of the next one.</summary>
    private int Token(int i)
    {
        var token = _tokens[i];
        switch (token.Kind)
        {
            case HtmlTokenKind.Text:
                Keep(token);
                break;
            case HtmlTokenKind.StartTag:
                return StartTag(i);
            case HtmlTokenKind.EndTag when MailMarkup.FateOf(token.Name) == ElementFate.Kept:
                _kept.Append(token.Attributes.Count == 0 ? html.AsSpan(token.Start, token.End - token.Start) : $"</{token.Name}>");
                break;
            case HtmlTokenKind.EndTag when Unwrapped.IsMissed(i):
                Remove(token, $"<{token.Name}>", Refused);
                break;
            case HtmlTokenKind.Comment:
                Comment(token);
                break;
            case HtmlTokenKind.BogusComment
                when html[token.Start + 1] == '!' && ConditionalComment.IsMarker(html[(token.Start + 2)..(token.End - 1)]):
                Keep(token);
                break;
            case HtmlTokenKind.Doctype when !_hasBegun:
                Keep(token);
                break;
            case HtmlTokenKind.Unfinished:
                Remove(token, Removals.Shown(html, token), "never ends");
                break;
            default:
                LeaveOut();
                break;
        }

        return i + 1;
    }

    private int StartTag(int i)
    {
        var token = _tokens[i];
        switch (MailMarkup.FateOf(token.Name))
        {
            case ElementFate.Dropped:
                Remove(token, $"<{token.Name}>", StopsRunning);
                return EndOf(i);
            case ElementFate.Unwrapped when token.Name is "link" or "noscript":
                var fault =
                    token.Name == "link" ? MailMarkup.LinkFault(name => AttributeText.Of(html, token, name)) : AttributeFault.NoEffect;
                return Single(i, fault, "<link>");
            case ElementFate.Unwrapped when !Unwrapped.IsMissed(i):
                LeaveOut();
                return i + 1;
            case ElementFate.Unwrapped:
                Remove(token, $"<{token.Name}>", Refused);
                return i + 1;
            default:
                return token.Name switch
                {
                    "style" => Sheet(i),
                    "title" => Title(i),
                    "meta" => Single(
                        i,
                        MailMarkup.MetaFault(name => AttributeText.Of(html, token, name)),
                        $"<meta http-equiv=\"{AttributeText.Of(html, token, "http-equiv")}\">"
                    ),
                    "input" => Single(i, MailMarkup.InputFault(name => AttributeText.Of(html, token, name)), "<input>"),
                    _ => Single(i, null, ""),
                };
        }
    }

    /// <summary>Keeps a tag without its forbidden attributes, or removes it.</summary>
    private int Single(int i, AttributeFault? fault, string what)
    {
        if (fault is null)
        {
            Tag(_tokens[i]);
        }
        else if (fault.Why is { } why)
        {
            Remove(_tokens[i], what, why);
        }
        else
        {
            LeaveOut();
        }

        return i + 1;
    }

    /// <summary>The index after an element that is removed with its content; of an element that is never closed, only the tag is removed.</summary>
    private int EndOf(int i) =>
        (_ends ??= DroppedElements.EndsOf(_tokens)).TryGetValue(i, out var end) ? end + 1
        : i + 1 < _tokens.Count && _tokens[i + 1].Kind == HtmlTokenKind.RawText ? i + 2
        : i + 1;

    private int Sheet(int i)
    {
        var token = _tokens[i];
        if (i + 1 == _tokens.Count || _tokens[i + 1].Kind != HtmlTokenKind.RawText)
        {
            Tag(token);
            return i + 1;
        }

        var content = _tokens[i + 1];
        var sheet = new MailCss(
            html[content.Start..content.End],
            (what, rule, position, why) =>
                removals.Add(what, rule.Length == 0 ? "<style>" : $"<style>: {rule}", offset + content.Start + position, why)
        ).Sheet();
        if (sheet is null || i + 2 == _tokens.Count)
        {
            Remove(token, "<style>", sheet is null ? "does harm as a whole" : "never ends");
            return Math.Min(i + 3, _tokens.Count);
        }

        Tag(token);
        _kept.Append(sheet);
        return i + 2;
    }

    /// <summary>A title has no effect in a mail. A title that contains markup would have an effect in a program that strips the tags.</summary>
    private int Title(int i)
    {
        if (i + 1 < _tokens.Count && _tokens[i + 1] is { Kind: HtmlTokenKind.RawText } content)
        {
            if (html.AsSpan(content.Start, content.End - content.Start).Contains('<') || i + 2 == _tokens.Count)
            {
                LeaveOut();
                return Math.Min(i + 3, _tokens.Count);
            }

            Tag(_tokens[i]);
            Keep(content);
            return i + 2;
        }

        Tag(_tokens[i]);
        return i + 1;
    }

    private void Comment(HtmlToken token)
    {
        var isWhole = token.End - token.Start >= 7 && html[token.End - 2] == '-';
        var text = isWhole ? html[(token.Start + 4)..(token.End - 3)] : "";
        if (ConditionalComment.IsMarker(text))
        {
            Keep(token);
        }
        else if (ConditionalComment.Content(text) is var (start, length))
        {
            var content = token.Start + 4 + start;
            _kept.Append(html, token.Start, content - token.Start);
            _kept.Append(new MailCleaner(html.Substring(content, length), offset + content, removals).Clean());
            _kept.Append(html, content + length, token.End - content - length);
        }
        else if (ConditionalComment.StartsLikeOne(text))
        {
            Remove(token, Removals.Shown(html, token), "is not a conditional comment that Outlook recognizes");
        }
        else
        {
            LeaveOut();
        }
    }

    private void Tag(HtmlToken token)
    {
        var at = token.Start;
        foreach (var attribute in token.Attributes)
        {
            if (Attribute(token, attribute) is not { } kept)
            {
                continue;
            }

            _kept.Append(html, at, attribute.LeadStart - at).Append(kept);
            at = attribute.End;
            // The text between this attribute and the next is needed if nothing else separates them.
            if (kept.Length == 0 && at < token.End && html[at] is not (' ' or '\t' or '\n' or '\r' or '\f' or '>'))
            {
                _kept.Append(' ');
            }
        }

        _kept.Append(html, at, token.End - at);
    }

    /// <summary>The replacement of an attribute, including the white space before it; empty to remove it, null to keep it.</summary>
    private string? Attribute(HtmlToken token, HtmlAttribute attribute)
    {
        var value = AttributeText.Of(html, attribute);
        if (MailMarkup.FaultOf(token.Name, attribute.Name, value.Text) is { } fault)
        {
            if (fault.Why is { } why)
            {
                removals.Add(attribute.Name, $"<{token.Name}>", offset + attribute.LeadStart, why);
            }

            return "";
        }

        return attribute.Name == "style" ? Style(token, attribute, value) : null;
    }

    private string? Style(HtmlToken token, HtmlAttribute attribute, AttributeText value)
    {
        var place = $"<{token.Name} style>";
        var cuts = new MailCss(
            value.Text,
            (what, _, position, why) => removals.Add(what, place, offset + attribute.ValueStart + value.SourceOf(position), why)
        ).Declarations();
        if (cuts is [])
        {
            return null;
        }

        if (cuts is null)
        {
            removals.Add("style", $"<{token.Name}>", offset + attribute.LeadStart, "does harm as a whole");
            return "";
        }

        var kept = new StringBuilder();
        var at = attribute.ValueStart;
        foreach (var (start, end) in cuts)
        {
            kept.Append(html, at, attribute.ValueStart + value.SourceOf(start) - at);
            at = attribute.ValueStart + value.SourceOf(end);
        }

        kept.Append(html, at, attribute.ValueEnd - at);
        return string.IsNullOrWhiteSpace(kept.ToString())
            ? ""
            : $"{html[attribute.LeadStart..attribute.ValueStart]}{kept}{html[attribute.ValueEnd..attribute.End]}";
    }

    private void Keep(HtmlToken token) => _kept.Append(html, token.Start, token.End - token.Start);

    private void Remove(HtmlToken token, string what, string why)
    {
        removals.Add(what, "", offset + token.Start, why);
        LeaveOut();
    }

    /// <summary>A <c>&lt;</c> before removed text would turn the following text into a tag.</summary>
    private void LeaveOut()
    {
        if (_kept.Length > 0 && _kept[^1] == '<')
        {
            _kept.Length--;
            _kept.Append("&lt;");
        }
    }
}
