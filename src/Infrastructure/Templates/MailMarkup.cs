namespace FollowUp.Infrastructure.Templates;

internal enum ElementFate
{
    Kept,

    /// <summary>Its tags are removed and its content stays: the text of a form is often wanted.</summary>
    Unwrapped,

    Dropped,
}

/// <param name="Why">The reason shown to the user; null when the attribute has no effect in a mail and is removed silently.</param>
internal sealed record AttributeFault(string? Why)
{
    public static AttributeFault NoEffect { get; } = new((string?)null);
}

/// <summary>The elements and attributes that a mail may contain. All others are removed.</summary>
internal static partial class MailMarkup
{
    private static readonly HashSet<string> Elements =
    [
        .. "html head meta title body style center font basefont div span p br hr wbr a img picture source map area".Split(' '),
        .. "table caption colgroup col thead tbody tfoot tr th td ul ol li dl dt dd menu dir".Split(' '),
        .. "h1 h2 h3 h4 h5 h6 blockquote pre code kbd samp tt var address figure figcaption section article header footer main".Split(' '),
        .. "aside nav hgroup search b strong i em u s strike del ins mark small big sub sup q cite abbr acronym dfn time bdi".Split(' '),
        .. "bdo ruby rb rt rp rtc nobr data details summary xml label fieldset legend input".Split(' '),
    ];

    // HTML elements that are not kept and show or do something themselves. Other elements that are not kept only show their content.
    private static readonly HashSet<string> Visible =
    [
        .. "audio bgsound blink button canvas dialog embed form frame frameset image isindex keygen listing marquee".Split(' '),
        .. "meter multicol optgroup option plaintext progress spacer video".Split(' '),
    ];

    private static readonly HashSet<string> Dropped =
    [
        .. "script iframe object applet svg math template select textarea xmp noembed noframes frameset datalist".Split(' '),
    ];

    private static readonly HashSet<string> Attributes =
    [
        .. "abbr align alt aria-hidden aria-label axis background bgcolor border bordercolor bottommargin cellpadding".Split(' '),
        .. "cellspacing char charoff charset checked cite class clear color cols colspan compact content coords datetime".Split(' '),
        .. "decoding dir face for frame headers height hidden href hreflang hspace http-equiv id ismap itemid itemprop".Split(' '),
        .. "itemscope itemtype lang language leftmargin link alink vlink text loading lowsrc marginheight marginwidth media".Split(' '),
        .. "name noshade nowrap open property referrerpolicy rel rev reversed rightmargin role rowspan rules scheme scope".Split(' '),
        .. "shape size sizes span src srcset start".Split(' '),
        .. "style summary target title topmargin translate type usemap valign value version vspace width".Split(' '),
    ];

    /// <summary>Attributes with an effect: their removal is reported.</summary>
    private static readonly HashSet<string> Acting =
    [
        .. "action formaction ping srcdoc poster data code codebase archive classid manifest dynsrc autofocus accesskey".Split(' '),
        .. "contenteditable popover popovertarget is slot xlink:href".Split(' '),
    ];

    public static ElementFate FateOf(string element) =>
        Elements.Contains(element) || IsVendors(element) ? ElementFate.Kept
        : Dropped.Contains(element) ? ElementFate.Dropped
        : ElementFate.Unwrapped;

    public static bool IsVendors(string element) => Vendors().IsMatch(element);

    public static bool IsVisible(string element) => Visible.Contains(element);

    /// <summary>Whether an attribute contains a URL that is followed or loaded.</summary>
    public static bool IsAddress(string element, string attribute) =>
        attribute is "href" or "src" or "background" or "cite" or "usemap" or "srcset" or "lowsrc" || IsVendors(element);

    /// <summary>The problem with an attribute; null if it may stay. A <c>style</c> is checked by <see cref="MailCss"/>.</summary>
    public static AttributeFault? FaultOf(string element, string attribute, string value)
    {
        if (attribute.StartsWith("on", StringComparison.Ordinal))
        {
            return new AttributeFault("runs code");
        }

        // Word writes <o:idmap data="1"> into every mail. On an Office element, data does not refer to an object.
        if (Acting.Contains(attribute) && !(attribute == "data" && IsVendors(element)))
        {
            return new AttributeFault("acts on its own, which mail programs do not allow");
        }

        if (attribute.StartsWith("data-followup", StringComparison.Ordinal))
        {
            return new AttributeFault("has a name that is reserved for FollowUp");
        }

        if (IsVendors(element))
        {
            return VendorFault(attribute, value);
        }

        if (!Attributes.Contains(attribute) && !Harmless().IsMatch(attribute))
        {
            return AttributeFault.NoEffect;
        }

        var isFine = attribute switch
        {
            "src" or "background" or "lowsrc" => MailAddresses.IsImage(value),
            "srcset" => MailAddresses.IsImageSet(value),
            "href" or "cite" or "usemap" => MailAddresses.IsLink(value),
            "http-equiv" or "content" or "charset" => element == "meta",
            "checked" => element == "input",
            "for" => element == "label",
            _ => true,
        };
        return isFine ? null
            : attribute is "http-equiv" or "content" or "charset" or "checked" or "for" ? AttributeFault.NoEffect
            : new AttributeFault(WrongAddress);
    }

    /// <summary>Why a <c>meta</c> must be removed, with a null reason when it has no effect; null if it may stay.</summary>
    public static AttributeFault? MetaFault(Func<string, string?> attribute)
    {
        var (equivalent, charset) = (attribute("http-equiv")?.Trim().ToLowerInvariant(), attribute("charset"));
        if (equivalent is not (null or "" or "content-type" or "x-ua-compatible" or "content-language"))
        {
            return new AttributeFault("instructs the mail program");
        }

        // The mail's own header specifies the character set; a different one is ignored or harmful.
        var isOther = equivalent == "content-type" && attribute("content") is { } content && !IsUtf8(content);
        return isOther || (charset is not null && !IsUtf8(charset)) ? AttributeFault.NoEffect : null;
    }

    // Why an input must be removed, with a null reason when it has no effect; null if it may stay. Mails that are interactive through styles
    // alone, such as galleries, need radio buttons and checkboxes with labels. No form stays, so the choice is never sent, and nothing can be typed
    // into them.
    public static AttributeFault? InputFault(Func<string, string?> attribute) =>
        Is("radio", attribute("type")) || Is("checkbox", attribute("type")) ? null
        : Is("hidden", attribute("type")) ? AttributeFault.NoEffect
        : new AttributeFault("mail programs do not show it");

    // Compares types as browsers do, ignoring the case of ASCII letters only: otherwise a Kelvin sign would match a k and turn a checkbox into a
    // text field.
    private static bool Is(string type, string? value) => value is not null && Ascii.EqualsIgnoreCase(type, value);

    /// <summary>Why a <c>link</c> must be removed, with a null reason when it has no effect; null if it may stay.</summary>
    public static AttributeFault? LinkFault(Func<string, string?> attribute)
    {
        if (attribute("rel")?.Contains("stylesheet", StringComparison.OrdinalIgnoreCase) != true)
        {
            return AttributeFault.NoEffect;
        }

        return attribute("href") is { } address && CssText.IsFontSheet(address)
            ? null
            : new AttributeFault("loads a style sheet that is not one of a known font service, by https");
    }

    private static AttributeFault? VendorFault(string attribute, string value)
    {
        if (attribute == "style" || attribute.StartsWith("xmlns", StringComparison.Ordinal))
        {
            return null;
        }

        // VML has about ten attributes with a URL. None of the others needs a colon near its start.
        var isFine = attribute switch
        {
            "href" or "o:href" => MailAddresses.IsLink(value),
            "srcset" => MailAddresses.IsImageSet(value),
            _ => MailAddresses.IsImage(value),
        };
        return isFine ? null : new AttributeFault(WrongAddress);
    }

    private static bool IsUtf8(string value) =>
        value.Contains("utf-8", StringComparison.OrdinalIgnoreCase) || value.Contains("utf8", StringComparison.OrdinalIgnoreCase);

    private const string WrongAddress = "leads to an address that a mail must not have";

    [GeneratedRegex("^(o|v|w|m|x|p|st1):[a-z0-9_-]{1,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Vendors();

    // Names for other programs, which mail programs ignore. Names that start with data-followup are reserved for this program.
    [GeneratedRegex(
        "^(xmlns(:[a-z0-9]+)?|xml:(lang|space)|(mc|o|v|w|m|x|st1):[a-z0-9_-]+|aria-[a-z-]+|data-(?!followup)[a-z0-9_.:-]+)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Harmless();
}
