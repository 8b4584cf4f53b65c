namespace FollowUp.Application.Templates;

/// <summary>The use of a template.</summary>
public enum TemplateKind
{
    /// <summary>The subject of a mail: plain text.</summary>
    Subject,

    /// <summary>The body of a mail: HTML.</summary>
    Body,

    /// <summary>A text message: plain text, without an unsubscribe link.</summary>
    Message,
}
