namespace FollowUp.Application.Templates;

/// <summary>Parses and renders Liquid templates.</summary>
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
