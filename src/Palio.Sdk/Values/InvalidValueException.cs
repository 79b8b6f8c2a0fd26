namespace Palio.Sdk;

/// <summary>What was read or written does not fit the space. The message says "expected … got …" with the place.</summary>
public sealed class InvalidValueException(string message) : Exception(message);
