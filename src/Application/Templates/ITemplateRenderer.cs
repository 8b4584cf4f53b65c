using Ardalis.Result;

namespace FollowUp.Application.Templates;

/// <summary>Liquid templates.</summary>
public interface ITemplateRenderer
{
    /// <summary>Reads a template, and renders it once for nobody, so that one that never ends is found before anybody is enrolled.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="allowance">What this check shares with others of the same request; null when it stands alone.</param>
    /// <returns>Why it does not parse, what it writes out that nothing can ever give, or which bound it breaks whoever it is for; null when all is well.</returns>
    TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null);

    /// <summary>What is accepted in a template and probably wrong, each kind of fault once.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="allowance">What this shares with other texts of the same request; where it is used up, less is found.</param>
    /// <param name="upgradesImages">Whether the mail's images by <c>http:</c> are loaded by <c>https:</c>.</param>
    IReadOnlyList<TemplateWarning> Warnings(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance = null,
        bool upgradesImages = false
    );

    /// <summary>What is probably wrong in a mail as it would be sent, each kind of fault once.</summary>
    /// <param name="html">The mail's HTML part.</param>
    IReadOnlyList<TemplateWarning> RenderedWarnings(string html);

    /// <summary>The variables that a template reads and that a client gives, each once.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="allowance">Pays for the parsing, when the template is not kept parsed.</param>
    /// <returns>The variables; none when it does not parse.</returns>
    IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null);

    /// <summary>Looks up the values of variables.</summary>
    /// <param name="model">Where to look. Its variables are parsed once, with the first look.</param>
    IVariableValues ValuesOf(TemplateModel model);

    /// <summary>Renders a template for its errors alone, at a fraction of the cost of a whole message.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="model">What it may read.</param>
    /// <returns>Why it cannot be rendered; null when it can, perhaps with holes.</returns>
    string? Fault(string template, TemplateKind kind, TemplateModel model);

    /// <summary>Renders a mail. Bounded in steps, output and time.</summary>
    /// <param name="subject">The subject's template; null when the subject is not made here, and is then empty.</param>
    /// <param name="body">The body's template.</param>
    /// <param name="model">What they may read.</param>
    /// <returns>The mail, or an error with one sentence that says what went wrong.</returns>
    Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model);

    /// <summary>Renders a text message.</summary>
    /// <param name="message">The message's template.</param>
    /// <param name="model">What it may read.</param>
    /// <returns>The text, or an error with one sentence that says what went wrong.</returns>
    Result<RenderedSms> RenderSms(string message, TemplateModel model);
}
