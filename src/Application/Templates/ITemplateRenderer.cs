namespace FollowUp.Application.Templates;

internal interface ITemplateRenderer
{
    /// <summary>Renders with empty values too: a template that exceeds a limit for every recipient is found before anyone is enrolled.</summary>
    TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null);

    /// <summary>Finds what is accepted but probably wrong, each kind of problem once.</summary>
    /// <param name="allowance">The allowance that the request's texts share; when it is used up, fewer problems are found.</param>
    IReadOnlyList<TemplateWarning> Warnings(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance = null,
        bool upgradesImages = false
    );

    /// <summary>Finds problems in a mail as it would be sent, each kind once.</summary>
    IReadOnlyList<TemplateWarning> RenderedWarnings(string html);

    /// <summary>The client-supplied variables that a template reads, each once; empty when it does not parse.</summary>
    /// <param name="allowance">Charged for parsing, unless the parsed template is cached.</param>
    IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null);

    /// <summary>Looks up the values of variables.</summary>
    /// <param name="model">The model. Its variables are parsed once, at the first lookup.</param>
    IVariableValues ValuesOf(TemplateModel model);

    /// <summary>Renders a template only to find its errors, at a fraction of the cost of a whole message.</summary>
    /// <returns>The error; null when the template renders, even if values are missing.</returns>
    string? Fault(string template, TemplateKind kind, TemplateModel model);

    /// <summary>Renders a mail, bounded in steps, output and time. Without a subject's template the subject is empty.</summary>
    Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model);

    Result<RenderedSms> RenderSms(string message, TemplateModel model);
}

/// <param name="Subject">One line, not escaped; empty when the template rendered to nothing.</param>
/// <param name="Html">The HTML part: values are HTML-escaped, and content that mail clients reject is removed.</param>
internal sealed record RenderedEmail(string Subject, string Html, string Text)
{
    /// <summary>The variables that were output without a value or default. A mail with such gaps must not be sent.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>What was removed from the HTML, such as <c>&lt;script&gt;</c> or <c>onclick</c>.</summary>
    public IReadOnlyList<RemovedPart> Removed { get; init; } = [];
}

internal sealed record RenderedSms(string Text, IReadOnlyCollection<string> Missing);

/// <summary>Why a template cannot be used.</summary>
/// <param name="Line">From 1; 0 when the template parses and the error concerns it as a whole.</param>
internal sealed record TemplateError(string Message, int Line, int Column);

/// <summary>A client-supplied variable that a template reads: of <c>recipient</c>, <c>offer</c> or <c>variables</c>.</summary>
/// <param name="IsWritten">Whether it is output somewhere; otherwise it is only tested or iterated.</param>
/// <param name="Needed">Whether it is output somewhere without a default, so that a missing value leaves a gap.</param>
internal sealed record TemplateVariable(string Name, bool IsWritten, bool Needed)
{
    /// <summary>Whether a condition tests its truth value, without a comparison.</summary>
    public bool Decides { get; init; }
}

/// <summary>Something in a text that is accepted but probably wrong.</summary>
/// <param name="Code">A stable code, such as <c>encodedBraces</c>.</param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
internal sealed record TemplateWarning(string Code, string Message);

internal interface IVariableValues
{
    /// <summary>Whether a variable has more than white space; also when its name depends on the execution, as in <c>variables.list[…]</c>.</summary>
    bool HasValue(string variable);

    /// <summary>The value if it is a text; null when it has another type, is absent or depends on the template's execution.</summary>
    string? TextOf(string variable);
}
