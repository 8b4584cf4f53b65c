namespace FollowUp.Application.Templates;

/// <summary>Parses and renders Liquid templates.</summary>
public interface ITemplateRenderer
{
    /// <summary>
    /// Parses a template and renders it once with empty values, so that a template that exceeds a limit is found before anyone is enrolled.
    /// </summary>
    /// <param name="allowance">The allowance that the request's checks share; null for a single check.</param>
    /// <returns>
    /// A syntax error, an output that can never have a value, or a limit that is exceeded for every recipient; null when there is none.
    /// </returns>
    TemplateError? Check(string template, TemplateKind kind, RenderAllowance? allowance = null);

    /// <summary>Finds what is accepted but probably wrong, each kind of problem once.</summary>
    /// <param name="template">A template that parses.</param>
    /// <param name="allowance">The allowance that the request's texts share; when it is used up, fewer problems are found.</param>
    /// <param name="upgradesImages">Whether the mail's <c>http:</c> images are loaded by <c>https:</c>.</param>
    IReadOnlyList<TemplateWarning> Warnings(
        string template,
        TemplateKind kind,
        RenderAllowance? allowance = null,
        bool upgradesImages = false
    );

    /// <summary>Finds problems in a mail as it would be sent, each kind once.</summary>
    /// <param name="html">The HTML part of the mail.</param>
    IReadOnlyList<TemplateWarning> RenderedWarnings(string html);

    /// <summary>The client-supplied variables that a template reads, each once; empty when it does not parse.</summary>
    /// <param name="allowance">Charged for parsing, unless the parsed template is cached.</param>
    IReadOnlyList<TemplateVariable> Variables(string template, RenderAllowance? allowance = null);

    /// <summary>Looks up the values of variables.</summary>
    /// <param name="model">The model. Its variables are parsed once, at the first lookup.</param>
    IVariableValues ValuesOf(TemplateModel model);

    /// <summary>Renders a template only to find its errors, at a fraction of the cost of a whole message.</summary>
    /// <param name="template">A template that parses.</param>
    /// <returns>The error; null when the template renders, even if values are missing.</returns>
    string? Fault(string template, TemplateKind kind, TemplateModel model);

    /// <summary>Renders a mail. Bounded in steps, output and time.</summary>
    /// <param name="subject">The subject's template; null when the subject is set elsewhere; it is then empty.</param>
    /// <param name="body">The body's template.</param>
    /// <returns>The mail, or an error in one sentence.</returns>
    Result<RenderedEmail> RenderEmail(string? subject, string body, TemplateModel model);

    /// <summary>Renders a text message.</summary>
    /// <param name="message">The message's template.</param>
    /// <returns>The text, or an error in one sentence.</returns>
    Result<RenderedSms> RenderSms(string message, TemplateModel model);
}
