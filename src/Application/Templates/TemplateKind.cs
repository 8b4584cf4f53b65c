namespace FollowUp.Application.Templates;

/// <summary>What a template is for.</summary>
public enum TemplateKind
{
    /// <summary>A mail's subject: plain text.</summary>
    Subject,

    /// <summary>A mail's body: HTML.</summary>
    Body,

    /// <summary>A text message: plain text, without a link for unsubscribing.</summary>
    Message,
}
