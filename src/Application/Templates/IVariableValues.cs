namespace FollowUp.Application.Templates;

/// <summary>The values of template variables.</summary>
public interface IVariableValues
{
    /// <summary>Whether a variable has a value other than white space.</summary>
    /// <param name="variable">The name as <see cref="ITemplateRenderer.Variables"/> returns it.</param>
    /// <returns>True also when the name depends on the template's execution, as <c>variables.list[…]</c> does.</returns>
    bool HasValue(string variable);

    /// <summary>The value of a variable, if it is a text.</summary>
    /// <param name="variable">The name as <see cref="ITemplateRenderer.Variables"/> returns it.</param>
    /// <returns>The text; null when the value has another type, is absent or depends on the template's execution.</returns>
    string? TextOf(string variable);
}
