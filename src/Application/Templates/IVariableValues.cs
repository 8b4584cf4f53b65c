namespace FollowUp.Application.Templates;

/// <summary>The values that a model gives to the variables of templates.</summary>
public interface IVariableValues
{
    /// <summary>Whether a variable has a value other than white space.</summary>
    /// <param name="variable">Its name, as <see cref="ITemplateRenderer.Variables"/> gives it.</param>
    /// <returns>True when it has one, and when the name depends on the template's run, as <c>variables.list[…]</c> does.</returns>
    bool HasValue(string variable);

    /// <summary>The value of a variable, when it is a text.</summary>
    /// <param name="variable">Its name, as <see cref="ITemplateRenderer.Variables"/> gives it.</param>
    /// <returns>The text; null when the value is of another kind, absent, or depends on the template's run.</returns>
    string? TextOf(string variable);
}
