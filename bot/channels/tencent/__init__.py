"""What the channels of one company share: envelope, XML, calls, token, callback; knows neither channel."""
